/** The sign-in from the first click to the last, through next-auth and a real OpenID provider, on a real database. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { signInActor, type MemberActor } from '#lib/actor.ts';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { startDemoProvider } from '#lib/auth/demo/server.ts';
import { demoClientId, demoClientSecret } from '#lib/auth/provider.ts';
import { readActor } from '#lib/auth/session.ts';
import { choosePerson, signIn, startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { GET, POST } from './[...nextauth]/route.ts';

const port = 20_000 + Math.floor(Math.random() * 20_000);
const appUrl = `http://127.0.0.1:${port}`;
const issuer = `http://127.0.0.1:${port + 1}`;
const variables = { ATTEST_URL: appUrl, DEMO_ISSUER: issuer, AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'test', LOG_LEVEL: 'silent' };
useEnv(variables);

let database: TestDatabase;
let provider: { close: () => Promise<void> };
let browser: TestBrowser;
const auditor: MemberActor = { kind: 'member', id: randomUUID(), name: 'Auditor', email: 'auditor@halden.example', role: 'compliance' };

before(async () => {
  database = await openTestDatabase();
  const { id, name, email, role } = auditor;
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, name, email, role }).execute());
  provider = await startDemoProvider({ issuer, appUrl, client: { id: demoClientId, secret: demoClientSecret() }, accounts: demoAccounts });
});
after(async () => {
  await provider.close();
  await database.stop();
});
beforeEach(() => {
  useEnv(variables);
  browser = testBrowser(appUrl, app);
});

async function app(request: Request): Promise<Response> {
  const segments = new URL(request.url).pathname.split('/').slice(3);
  const handler = request.method === 'POST' ? POST : GET;
  return handler(request, { params: Promise.resolve({ nextauth: segments }) });
}

function whoAmI(of: Pick<TestBrowser, 'cookies'> = browser) {
  const cookie = [...of.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return readActor(new Request(appUrl, { headers: { cookie } }));
}

async function records(): Promise<{ event: string; details: Record<string, unknown>; actor_id: string | null }[]> {
  const rows = await transaction(auditor, (tx) => tx.selectFrom('audit_records').select('body').orderBy('seq').execute());
  return rows.map(({ body }) => JSON.parse(body.toString()));
}

test('a first sign-in makes a member with the role of the demo account, a session and their records', async () => {
  assert.equal(await signIn(browser, appUrl, { account: 'jonas-lind', callbackUrl: '/library?q=a' }), '/library?q=a');
  const actor = await whoAmI();
  assert.equal(actor?.name, 'Jonas Lind');
  assert.equal(actor.role, 'admin');
  assert.deepEqual((await records()).filter((record) => record.actor_id === actor.id).map((record) => record.event), ['member.added', 'session.started']);
});

test('the database holds the hash of the token and never the token', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  const token = browser.cookies.get('attest-session') ?? '';
  assert.match(token, /^[\w-]{43}$/);
  const rows = await transaction(signInActor, (tx) => tx.selectFrom('sessions').selectAll().execute());
  assert.ok(!JSON.stringify(rows.map((row) => row.token_sha256.toString())).includes(token));
});

test('signing in again gives a new token and ends the session that the browser carried', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  const first = new Map(browser.cookies);
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  assert.notEqual(browser.cookies.get('attest-session'), first.get('attest-session'));
  assert.equal(await whoAmI({ cookies: first }), null);
  assert.equal((await whoAmI())?.name, 'Mara Kovac');
});

test('signing in as somebody else over a session does not join the two', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  await signIn(browser, appUrl, { account: 'ines-roth' });
  assert.equal((await whoAmI())?.role, 'compliance');
  const accounts = await transaction(signInActor, (tx) => tx.selectFrom('accounts').select(['provider_account_id', 'member_id']).execute());
  assert.equal(new Set(accounts.map((row) => row.member_id)).size, accounts.length);
});

test('signing out ends the session in the database, removes the cookie and is recorded', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  const before = new Map(browser.cookies);
  const response = await browser.send('/api/auth/signout', { method: 'POST', headers: { origin: appUrl } });
  assert.equal(response.status, 303);
  assert.equal(browser.cookies.has('attest-session'), false);
  assert.equal(await whoAmI({ cookies: before }), null);
  assert.equal((await records()).at(-1)?.event, 'session.ended');
});

for (const [what, spoil] of [
  ['a state from another sign-in', (callback: URL) => callback.searchParams.set('state', 'x'.repeat(43))],
  ['no state', (callback: URL) => callback.searchParams.delete('state')],
  ['the name of another issuer', (callback: URL) => callback.searchParams.set('iss', 'http://127.0.0.1:9')],
  ['no issuer although the provider promises one', (callback: URL) => callback.searchParams.delete('iss')],
  ['a code that was never given', (callback: URL) => callback.searchParams.set('code', 'x'.repeat(43))],
] as const) {
  test(`a response with ${what} signs nobody in and is recorded`, async () => {
    const callback = new URL(await choosePerson(browser, await startSignIn(browser, appUrl), 'jonas-lind'));
    spoil(callback);
    const response = await browser.send(callback.href);
    assert.equal(response.headers.get('location'), '/sign-in?error=response-invalid');
    assert.equal(await whoAmI(), null);
    assert.equal((await records()).at(-1)?.event, 'session.refused');
  });
}

for (const cookie of ['state', 'nonce', 'verifier']) {
  test(`a response without the ${cookie} cookie signs nobody in`, async () => {
    const callback = await choosePerson(browser, await startSignIn(browser, appUrl), 'jonas-lind');
    assert.ok(browser.cookies.delete(`attest-sign-in.${cookie}`));
    assert.equal((await browser.send(callback)).headers.get('location'), '/sign-in?error=response-invalid');
    assert.equal(await whoAmI(), null);
  });
  test(`a response with the ${cookie} cookie of another sign-in signs nobody in`, async () => {
    const other = testBrowser(appUrl, app);
    await startSignIn(other, appUrl);
    const callback = await choosePerson(browser, await startSignIn(browser, appUrl), 'jonas-lind');
    browser.cookies.set(`attest-sign-in.${cookie}`, other.cookies.get(`attest-sign-in.${cookie}`) ?? '');
    assert.equal((await browser.send(callback)).headers.get('location'), '/sign-in?error=response-invalid');
    assert.equal(await whoAmI(), null);
  });
}

test('a code is good for one sign-in', async () => {
  const callback = await choosePerson(browser, await startSignIn(browser, appUrl), 'jonas-lind');
  const cookies = new Map(browser.cookies);
  assert.equal((await browser.send(callback)).headers.get('location'), '/');
  browser.cookies.clear();
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  assert.equal((await browser.send(callback)).headers.get('location'), '/sign-in?error=response-invalid');
  assert.equal(await whoAmI(), null);
});

test('cookies of the demo sign-in are worth nothing to another provider', async () => {
  const callback = new URL(await choosePerson(browser, await startSignIn(browser, appUrl), 'jonas-lind'));
  useEnv({ ...variables, DEMO_ISSUER: undefined, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: demoClientId, OIDC_CLIENT_SECRET: demoClientSecret() });
  assert.equal((await browser.send(callback.href)).status, 404);
  callback.pathname = '/api/auth/callback/company';
  assert.equal((await browser.send(callback.href)).headers.get('location'), '/sign-in?error=response-invalid');
  assert.equal(await whoAmI(), null);
});

test('a person who was disabled is refused and says so', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('email', '=', 'mara.kovac@halden.example').execute());
  assert.equal(await whoAmI(), null);
  assert.equal(await signIn(browser, appUrl, { account: 'mara-kovac' }), '/sign-in?error=member-disabled');
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: null }).execute());
});

test('an expired session is nobody', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set({ expires_at: new Date(Date.now() - 1) }).execute());
  assert.equal(await whoAmI(), null);
});

test('a form that another site sends starts no sign-in and ends no session', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  for (const path of ['/api/auth/signin/demo', '/api/auth/signout']) {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site', origin: appUrl }, { 'sec-fetch-site': 'same-site' }, {}]) {
      assert.equal((await browser.send(path, { method: 'POST', headers })).status, 403);
    }
  }
  assert.equal((await whoAmI())?.name, 'Mara Kovac');
});

for (const callbackUrl of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/api/auth/signout', 'http://127.0.0.1:9/', '/%09/evil.example', 'https:evil.example', '/sign-in']) {
  test(`after signing in the browser is never sent to ${callbackUrl}`, async () => {
    const location = await signIn(browser, appUrl, { account: 'mara-kovac', callbackUrl });
    const { origin, pathname } = new URL(location, appUrl);
    assert.equal(origin, appUrl);
    assert.doesNotMatch(pathname, /^\/(api|sign-in)/);
  });
}

test('nothing else of next-auth can be reached', async () => {
  for (const path of ['session', 'providers', 'csrf', 'signin', 'signout', 'error', 'verify-request', '_log', 'signin/demo', 'callback/google', 'callback/demo/x', '']) {
    assert.equal((await browser.send(`/api/auth/${path}`)).status, 404, path);
  }
  for (const path of ['session', '_log', 'callback/demo', 'callback/credentials', 'signin/other']) {
    assert.equal((await browser.send(`/api/auth/${path}`, { method: 'POST', headers: { origin: appUrl } })).status, 404, path);
  }
});

test('a provider that does not answer is said so, and signs nobody in', async () => {
  useEnv({ ...variables, DEMO_ISSUER: `http://127.0.0.1:${port + 2}` });
  const json = await browser.send('/api/auth/signin/demo', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: '{}' });
  assert.equal(json.status, 503);
  const form = await browser.send('/api/auth/signin/demo', { method: 'POST', headers: { origin: appUrl } });
  assert.equal(form.headers.get('location'), '/sign-in?error=provider-unavailable');
});

test('a missing secret is an error and never a session', async () => {
  await signIn(browser, appUrl, { account: 'mara-kovac' });
  useEnv({ ...variables, AUTH_SECRET: undefined });
  const response = await browser.send('/api/auth/signin/demo', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: '{}' });
  assert.equal(response.status, 500);
  assert.equal(response.headers.getSetCookie().length, 0);
  assert.equal(await whoAmI(testBrowser(appUrl)), null);
});
