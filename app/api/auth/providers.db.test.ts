/** Several identity providers, each a real one: signing in with each, their shapes, their groups, signing out there and here. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { signInActor, type MemberActor } from '#lib/actor.ts';
import { makeAdminLink } from '#lib/auth/admin-link.ts';
import { addProvider, changeProvider, listProviderRows, newProvider, removeProvider } from '#lib/auth/provider-admin.ts';
import { signInChoices } from '#lib/auth/provider-store.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, serveApp, startTestProvider, type TestProvider, type TestProviderOptions } from '#lib/auth/testing-provider.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { addAuditor, app, countWritten, newAppUrl, records, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
let variables: Record<string, string>;
let database: TestDatabase;
let admin: MemberActor;
let served: { stop: () => Promise<void> };
const started: TestProvider[] = [];

before(async () => {
  database = await openTestDatabase();
  await addAuditor();
  served = await serveApp(appUrl, app);
});
after(async () => {
  await served.stop();
  await database.stop();
});
beforeEach(async () => {
  setEnv({});
  admin = { kind: 'member', id: randomUUID(), name: 'Admin', email: `${randomUUID()}@halden.example`, role: 'admin' };
  const { id, name, email, role } = admin;
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, name, email, role }).execute());
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((provider) => provider.stop()));
  await transaction(admin, (tx) => tx.deleteFrom('providers').execute());
});

function setEnv(more: Record<string, string>): void {
  variables = { ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent', ...more };
  useEnv(variables);
}

async function start(options: Omit<TestProviderOptions, 'appUrl'>): Promise<TestProvider> {
  const provider = await startTestProvider({ appUrl, ...options });
  started.push(provider);
  return provider;
}

/** Adds it as an admin does on the page. */
async function addByPage(id: string, provider: TestProvider, settings: Record<string, unknown> = {}): Promise<void> {
  await addProvider(admin, newProvider.parse({ id, kind: 'oidc', name: `Provider ${id}`, settings: { issuer: provider.issuer, clientId: provider.clientId, ...settings }, secret: provider.clientSecret }));
}

function environmentEntry(id: string, provider: TestProvider): Record<string, unknown> {
  return { id, name: `Provider ${id}`, issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret };
}

async function signInAs(id: string, provider: TestProvider, account: string): Promise<{ browser: TestBrowser; location: string }> {
  const browser = testBrowser(appUrl, app);
  provider.account = account;
  const callback = await passProvider(browser, await startSignIn(browser, appUrl, { provider: id }));
  return { browser, location: (await browser.send(callback, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } })).headers.get('location') ?? '' };
}

test('three providers, one by the old variables, one by OIDC_PROVIDERS and one by the page, sign different people in', async () => {
  const [company, second, third] = await Promise.all([start({ id: 'company' }), start({ id: 'second' }), start({ id: 'third' })]);
  setEnv({ OIDC_ISSUER: company.issuer, OIDC_CLIENT_ID: company.clientId, OIDC_CLIENT_SECRET: company.clientSecret, OIDC_PROVIDERS: JSON.stringify([environmentEntry('second', second)]) });
  await addByPage('third', third);
  assert.deepEqual((await signInChoices()).map(({ id }) => id), ['company', 'second', 'third']);
  const members = new Set<string>();
  for (const [id, provider] of [['company', company], ['second', second], ['third', third]] as const) {
    const { browser, location } = await signInAs(id, provider, `person-${id}`);
    assert.equal(location, '/');
    members.add((await whoIs(browser, appUrl))?.id ?? '');
  }
  assert.equal(members.size, 3);
  const kept = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select(['provider', 'device']).where('member_id', 'in', [...members]).execute());
  assert.deepEqual(kept.map((row) => row.provider).sort(), ['company', 'second', 'third']);
  assert.ok(kept.every((row) => row.device === 'Firefox on Linux'));
});

test('the same subject at two providers is two people', async () => {
  const [one, other] = await Promise.all([
    start({ id: 'one', claimsOf: () => ({ email: 'first@halden.example', email_verified: true }) }),
    start({ id: 'other', claimsOf: () => ({ email: 'second@halden.example', email_verified: true }) }),
  ]);
  await addByPage('one', one);
  await addByPage('other', other);
  const first = await whoIs((await signInAs('one', one, 'same-subject')).browser, appUrl);
  const second = await whoIs((await signInAs('other', other, 'same-subject')).browser, appUrl);
  assert.deepEqual([first?.email, second?.email], ['first@halden.example', 'second@halden.example']);
});

test('a provider that is switched off, removed or never was starts no sign-in and finishes none', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  const browser = testBrowser(appUrl, app);
  const { browser: signedIn } = await signInAs('third', provider, 'switched-off');
  const callback = await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'third' }));
  await changeProvider(admin, 'third', { revision: 1, enabled: false });
  assert.equal(await whoIs(signedIn, appUrl), null, 'its sessions end');
  assert.equal((await browser.send(callback)).status, 404);
  await assert.rejects(startSignIn(browser, appUrl, { provider: 'third' }), /404/);
  await changeProvider(admin, 'third', { revision: 2, enabled: true });
  await signInAs('third', provider, 'switched-off');
  await removeProvider(admin, 'third');
  await assert.rejects(startSignIn(browser, appUrl, { provider: 'third' }), /404/);
  const accounts = await transaction(signInActor, (tx) => tx.selectFrom('accounts').select('member_id').where('provider', '=', 'third').execute());
  assert.equal(accounts.length, 0, 'another provider under the same name inherits nobody');
});

test('the secret is sealed in the database, shown to nobody, and its changes are recorded without it', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  const rows = await listProviderRows(admin);
  assert.equal(rows.find(({ id }) => id === 'third')?.hasSecret, true);
  assert.ok(!JSON.stringify(rows).includes(provider.clientSecret));
  const stored = await transaction(signInActor, (tx) => tx.selectFrom('providers').select('secret').where('id', '=', 'third').executeTakeFirstOrThrow());
  assert.ok(stored.secret !== null && !stored.secret.includes(provider.clientSecret));
  await assert.rejects(transaction(admin, (tx) => tx.selectFrom('providers').select('secret').execute()), /permission denied/);
  await changeProvider(admin, 'third', { revision: 1, secret: 'another secret' });
  const told = (await records()).filter(({ event, actor_id: actor }) => event.startsWith('provider.') && actor === admin.id);
  assert.deepEqual(told.map(({ event }) => event), ['provider.added', 'provider.changed']);
  assert.equal(told[1]?.details['secretChanged'], true);
  assert.ok(!JSON.stringify(told).includes(provider.clientSecret) && !JSON.stringify(told).includes('another secret'));
});

test('nobody but an admin lists, adds, changes or removes a provider, whatever a route lets through', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  for (const role of ['employee', 'compliance'] as const) {
    const member = { ...admin, id: randomUUID(), role };
    await transaction(signInActor, (tx) => tx.insertInto('members').values({ id: member.id, name: role, email: `${member.id}@halden.example`, role }).execute());
    assert.equal((await transaction(member, (tx) => tx.selectFrom('providers').select('id').execute())).length, 0);
    await assert.rejects(addProvider(member, newProvider.parse({ id: 'fourth', kind: 'oidc', name: 'Fourth', settings: { issuer: provider.issuer, clientId: 'x' } })));
    await assert.rejects(changeProvider(member, 'third', { revision: 1, enabled: false }), (error) => isProblem(error, 'not-found'));
    await assert.rejects(removeProvider(member, 'third'), (error) => isProblem(error, 'not-found'));
  }
});

test('an id that is taken, an issuer that would change and an older revision are refused', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  await assert.rejects(addByPage('third', provider), (error) => isProblem(error, 'already-exists'));
  for (const id of ['company', 'demo']) await assert.rejects(addByPage(id, provider), (error) => isProblem(error, 'already-exists'));
  const settings = { issuer: 'https://other.example', clientId: 'attest' };
  await assert.rejects(changeProvider(admin, 'third', { revision: 1, settings }), (error) => isProblem(error, 'invalid-input'));
  await changeProvider(admin, 'third', { revision: 1, name: 'New name' });
  await assert.rejects(changeProvider(admin, 'third', { revision: 1, name: 'Older name' }), (error) => isProblem(error, 'edit-conflict'));
});

test('after AUTH_SECRET has changed a sealed secret opens no more, and that provider alone is left out', async () => {
  const [kept, sealed] = await Promise.all([start({ id: 'second' }), start({ id: 'third' })]);
  await addByPage('third', sealed);
  setEnv({ AUTH_SECRET: 'another secret for tests that is long enough', OIDC_PROVIDERS: JSON.stringify([environmentEntry('second', kept)]) });
  assert.deepEqual((await signInChoices()).map(({ id }) => id), ['second']);
});

// Claims as these providers send them, from their documentation.
const shapes: readonly { name: string; options: Omit<TestProviderOptions, 'appUrl' | 'id'>; settings: Record<string, unknown>; group: string }[] = [
  {
    name: 'Entra ID: a tenant in the issuer, ids of groups, no email_verified',
    options: { path: '/3d1f7a34-0000-4000-8000-000000000001/v2.0', claimsOf: () => ({ oid: randomUUID(), tid: '3d1f7a34-0000-4000-8000-000000000001', preferred_username: 'shape@halden.example', email: 'shape@halden.example', name: 'Shape', groups: ['b7a0c9e2-0000-4000-8000-000000000002'] }) },
    settings: { trustsEmail: true },
    group: 'b7a0c9e2-0000-4000-8000-000000000002',
  },
  {
    name: 'Okta: an authorization server of its own, groups for a scope',
    options: { path: '/oauth2/default', scopes: ['groups'], claimsOf: () => ({ email: 'shape@halden.example', email_verified: true, name: 'Shape', groups: ['Everyone', 'Sales of Okta'] }) },
    settings: { scopes: 'openid email profile groups' },
    group: 'Sales of Okta',
  },
  {
    name: 'Keycloak: a realm in the issuer, roles in a nested claim',
    options: { path: '/realms/halden', claimsOf: () => ({ email: 'shape@halden.example', email_verified: true, name: 'Shape', preferred_username: 'shape', realm_access: { roles: ['offline_access', 'Sales of Keycloak'] } }) },
    settings: { groupsClaim: 'realm_access.roles' },
    group: 'Sales of Keycloak',
  },
  { name: 'Google: no groups at all', options: { claimsOf: () => ({ email: 'shape@halden.example', email_verified: true, name: 'Shape', hd: 'halden.example' }) }, settings: {}, group: '' },
];
for (const { name, options, settings, group } of shapes) {
  test(`a provider like ${name}`, async () => {
    const provider = await start({ id: 'shape', ...options });
    await addByPage('shape', provider, settings);
    if (group !== '') await transaction(signInActor, (tx) => tx.insertInto('groups').values({ id: randomUUID(), name: group }).execute());
    await transaction(signInActor, (tx) => tx.deleteFrom('sessions').execute());
    const { browser, location } = await signInAs('shape', provider, `subject-${randomUUID()}`);
    assert.equal(location, '/');
    const actor = await whoIs(browser, appUrl);
    assert.equal(actor?.email, 'shape@halden.example');
    const groups = await transaction(signInActor, (tx) => tx.selectFrom('memberships').innerJoin('groups', 'groups.id', 'memberships.group_id').select('groups.name').where('member_id', '=', actor.id).execute());
    assert.deepEqual(groups.map((row) => row.name), group === '' ? [] : [group]);
    // The address is free again for the next provider.
    await transaction(signInActor, (tx) => tx.updateTable('members').set({ email: `${randomUUID()}@halden.example` }).where('id', '=', actor.id).execute());
  });
}

test('Entra’s pointer to groups elsewhere lets the person in, in no group, and says so in the log; nothing is fetched from there', async () => {
  let endpoint = '';
  const provider = await start({ id: 'third', claimsOf: () => ({ email: 'many@halden.example', email_verified: true, _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } }) });
  endpoint = `${provider.issuer}/graph`;
  await addByPage('third', provider);
  const { browser, location } = await signInAs('third', provider, 'in-many-groups');
  assert.equal(location, '/');
  const actor = await whoIs(browser, appUrl);
  const told = (await records()).find((record) => record.event === 'groups.unread' && record.actor_id === actor?.id);
  assert.match(String(told?.details['because']), /pointer to the groups/);
  assert.ok(!provider.asked.some((line) => line.includes('/graph')));
});

test('signing out goes on to the provider with the ID token, and comes back signed out of both', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  const { browser } = await signInAs('third', provider, 'signs-out');
  const before = new Map(browser.cookies);
  const response = await browser.send('/api/auth/signout', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: '{}' });
  const { url } = (await response.json()) as { url: string };
  const address = new URL(url);
  assert.equal(`${address.origin}${address.pathname}`, `${provider.issuer}/session/end`);
  assert.equal(address.searchParams.get('post_logout_redirect_uri'), `${appUrl}/sign-in`);
  assert.match(address.searchParams.get('id_token_hint') ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(await whoIs({ cookies: before }, appUrl), null);
  const page = await browser.send(url);
  const form = await page.text();
  assert.equal(page.status, 200, form);
  const token = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
  const end = await browser.send(`${provider.issuer}/session/end/confirm`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `xsrf=${token}&logout=yes` });
  assert.equal(end.headers.get('location'), `${appUrl}/sign-in?state=signed-out`);
});

test('a provider that does not answer, offers no sign-out or is set to be left alone keeps nobody signed in here', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider, { logout: 'here' });
  const signOut = async (browser: TestBrowser) => {
    const before = new Map(browser.cookies);
    const response = await browser.send('/api/auth/signout', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: '{}' });
    assert.equal(await whoIs({ cookies: before }, appUrl), null);
    return ((await response.json()) as { url: string }).url;
  };
  assert.equal(await signOut((await signInAs('third', provider, 'stays-there')).browser), '/sign-in?signed-out=1');
  const silent = await start({ id: 'silent' });
  await addByPage('silent', silent);
  const { browser } = await signInAs('silent', silent, 'cannot-reach');
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set({ id_token: Buffer.from('not sealed') }).where('provider', '=', 'silent').execute());
  assert.equal(await signOut(browser), '/sign-in?signed-out=here');
});

test('signing out at the provider tells us over the back channel, and every session of it ends within a second', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  const account = `leaves-${randomUUID()}`;
  const { browser } = await signInAs('third', provider, account);
  const elsewhere = await signInAs('third', provider, account);
  const begun = performance.now();
  const page = await (await browser.send(`${provider.issuer}/session/end`)).text();
  const token = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  await browser.send(`${provider.issuer}/session/end/confirm`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `xsrf=${token}&logout=yes` });
  while ((await whoIs(browser, appUrl)) !== null && performance.now() - begun < 1000) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await whoIs(browser, appUrl), null);
  assert.ok(performance.now() - begun < 1000, `${performance.now() - begun} ms`);
  assert.notEqual(await whoIs(elsewhere.browser, appUrl), null, 'another session there goes on');
  assert.equal((await records()).at(-1)?.details['by'], 'the identity provider');
});

test('a link for the first admin makes the next person who signs in through it an admin, once', async () => {
  const provider = await start({ id: 'third' });
  await addByPage('third', provider);
  const { address } = await makeAdminLink();
  const token = new URL(address).searchParams.get('admin') ?? '';
  assert.match(token, /^[\w-]{43}$/);
  const through = async (account: string, admin: string) => {
    provider.account = account;
    const browser = testBrowser(appUrl, app);
    const started = await browser.send('/api/auth/signin/third', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: JSON.stringify({ callbackUrl: '/', admin }) });
    const callback = await passProvider(browser, ((await started.json()) as { url: string }).url);
    return { browser, location: (await browser.send(callback)).headers.get('location') };
  };
  const first = await through('first-admin', token);
  assert.equal(first.location, '/');
  const actor = await whoIs(first.browser, appUrl);
  assert.equal(actor?.role, 'admin');
  assert.ok((await records()).some((record) => record.event === 'admin-link.used' && record.actor_id === actor.id));
  const before = await countWritten();
  assert.equal((await through('second-admin', token)).location, '/sign-in?error=admin-link-invalid');
  assert.equal((await through('second-admin', 'x'.repeat(43))).location, '/sign-in?error=admin-link-invalid');
  assert.deepEqual(await countWritten(), before, 'nobody was added');
  await makeAdminLink();
  await transaction(signInActor, (tx) => tx.updateTable('admin_links').set({ expires_at: new Date(Date.now() - 1) }).where('used_at', 'is', null).execute());
});

test('a newer link replaces an older one, and the database knows neither', async () => {
  const older = await makeAdminLink();
  const newer = await makeAdminLink();
  const rows = await transaction(signInActor, (tx) => tx.selectFrom('admin_links').selectAll().where('used_at', 'is', null).execute());
  assert.equal(rows.length, 1);
  const written = JSON.stringify(rows.map((row) => [row.token_sha256.toString(), row.token_sha256.toString('base64url')]));
  for (const { address } of [older, newer]) assert.ok(!written.includes(new URL(address).searchParams.get('admin') ?? ''));
  assert.ok(Math.abs(newer.expiresAt.getTime() - Date.now() - 3_600_000) < 5000);
});
