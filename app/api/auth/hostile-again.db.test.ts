/**
 * Signing in again for a sensitive act: what takes a recent sign-in is refused without one, and nothing passes for one
 * that is not the same member proving anew who they are. After every refusal they are signed in as before, no more.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { JWTPayload } from 'jose';
import { signInActor } from '#lib/actor.ts';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hasRecentSignIn, hashToken } from '#lib/auth/session.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { encodeResponse, honestResponse, readRequest, samlTestProvider, type Saying } from '#lib/auth/testing-saml.ts';
import { passProvider, startTestProvider, type Claims, type TestProvider } from '#lib/auth/testing-provider.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { POST as approve } from '../proposals/[id]/approve/route.ts';
import { POST as decline } from '../proposals/[id]/decline/route.ts';
import { addAuditor, app, countWritten, newAppUrl, records, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
const saml = samlTestProvider();
let database: TestDatabase;
let provider: TestProvider;
/** One that never says when somebody signed in, and does not promise to. */
let silent: TestProvider;
let browser: TestBrowser;
let account: string;

before(async () => {
  database = await openTestDatabase();
  [provider, silent] = await Promise.all([startTestProvider({ appUrl, id: 'company' }), startTestProvider({ appUrl, id: 'silent' })]);
  const without = ({ auth_time: _, ...claims }: Claims): Claims => claims;
  silent.lies = { claims: without, metadata: (honest) => ({ ...honest, claims_supported: ['sub', 'email'] }) };
  const entries = [
    { id: 'silent', name: 'Silent', issuer: silent.issuer, clientId: silent.clientId, clientSecret: silent.clientSecret },
    { id: 'idp', kind: 'saml', name: 'Papers', issuer: saml.issuer, entryPoint: saml.entryPoint, certificate: saml.certificate, audience: 'attest-test' },
  ];
  useEnv({
    ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent', OIDC_PROVIDERS: JSON.stringify(entries),
    OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  await addAuditor();
});
after(async () => {
  await Promise.all([provider.stop(), silent.stop()]);
  await database.stop();
});
beforeEach(() => {
  account = `person-${randomUUID()}`;
  browser = testBrowser(appUrl, app);
  provider.lies = {};
  provider.account = account;
  silent.account = account;
});

/** Signs in at the beginning, then lets that be eleven minutes ago. Nothing of it is kept at the provider's. */
async function signInLongAgo(id: 'company' | 'silent' = 'company'): Promise<void> {
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: id })));
  for (const name of browser.cookies.keys()) if (name.startsWith('provider-')) browser.cookies.delete(name);
  await age(11);
}

async function age(minutes: number): Promise<void> {
  const token_sha256 = hashToken(browser.cookies.get(sessionCookieName()) ?? '');
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set({ authenticated_at: new Date(Date.now() - minutes * 60_000) }).where('token_sha256', '=', token_sha256).execute());
}

function askAgain(by = browser): Promise<Response> {
  return by.send('/api/auth/again', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: JSON.stringify({ callbackUrl: '/admin/approvals?tab=open' }) });
}

async function addressAgain(): Promise<string> {
  const response = await askAgain();
  assert.equal(response.status, 200);
  return ((await response.json()) as { url: string }).url;
}

/** The whole way there and back; where the browser is sent at the end. */
async function signInAgain(divert: (address: URL) => void = () => undefined): Promise<string> {
  const address = new URL(await addressAgain());
  divert(address);
  return (await browser.send(await passProvider(browser, address.href))).headers.get('location') ?? '';
}

function requestOf(): Request {
  return new Request(`${appUrl}/api/test`, { headers: { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
}
const isRecent = (): Promise<boolean> => hasRecentSignIn(requestOf());

/** Refused with that reason, recorded, and as before: the same member in the same session, and not recent. */
async function assertAsBefore(attempt: () => Promise<string>, reason: string): Promise<void> {
  const [token, who, written] = [browser.cookies.get(sessionCookieName()), await whoIs(browser, appUrl), await countWritten()];
  assert.equal(await attempt(), `/sign-in?error=${reason}`);
  assert.equal(browser.cookies.get(sessionCookieName()), token);
  assert.equal((await whoIs(browser, appUrl))?.id, who?.id);
  assert.equal(await isRecent(), false);
  assert.deepEqual(await countWritten(), written);
  const last = (await records()).at(-1);
  assert.deepEqual([last?.event, last?.details['reason']], ['session.refused', reason]);
}

test('signing in again makes the same member recent in a new session, leads back, and is recorded', async () => {
  await signInLongAgo();
  const [before, token] = [await whoIs(browser, appUrl), browser.cookies.get(sessionCookieName())];
  assert.equal(await isRecent(), false);
  const address = new URL(await addressAgain());
  assert.deepEqual([address.searchParams.get('prompt'), address.searchParams.get('max_age')], ['login', '0']);
  assert.equal((await browser.send(await passProvider(browser, address.href))).headers.get('location'), '/admin/approvals?tab=open');
  assert.equal((await whoIs(browser, appUrl))?.id, before?.id);
  assert.equal(await isRecent(), true);
  assert.notEqual(browser.cookies.get(sessionCookieName()), token);
  assert.equal(browser.cookies.has('attest-sign-in.again'), false);
  const last = (await records()).at(-1);
  assert.deepEqual([last?.event, last?.details['replaced']], ['session.confirmed', true]);
});

test('a sign-in is recent for ten minutes', async () => {
  await signInLongAgo();
  await age(9.9);
  assert.equal(await isRecent(), true);
  await age(10.1);
  assert.equal(await isRecent(), false);
});

test('an ordinary sign-in whose time the provider does not say is not recent', async () => {
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'company' })));
  const { rows } = await transaction(signInActor, async (tx) => ({ rows: await tx.selectFrom('sessions').select('authenticated_at').where('token_sha256', '=', hashToken(browser.cookies.get(sessionCookieName()) ?? '')).execute() }));
  assert.deepEqual(rows, [{ authenticated_at: null }]);
  assert.equal(await isRecent(), false);
});

test('another account that answers changes nothing, known or new', async () => {
  await signInLongAgo();
  const known = `known-${randomUUID()}`;
  provider.account = known;
  const other = testBrowser(appUrl, app);
  await other.send(await passProvider(other, await startSignIn(other, appUrl, { provider: 'company' })));
  await assertAsBefore(() => signInAgain(), 'another-account');
  provider.account = `new-${randomUUID()}`;
  for (const name of browser.cookies.keys()) if (name.startsWith('provider-')) browser.cookies.delete(name);
  await assertAsBefore(() => signInAgain(), 'another-account');
});

const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;
const times: Readonly<Record<string, (claims: JWTPayload) => Claims>> = {
  'is two minutes old': (claims) => ({ ...claims, auth_time: minutesAgo(2) }),
  'is an hour old': (claims) => ({ ...claims, auth_time: minutesAgo(60) }),
  'is of 1970': (claims) => ({ ...claims, auth_time: 1 }),
  'is zero': (claims) => ({ ...claims, auth_time: 0 }),
  'is before 1970': (claims) => ({ ...claims, auth_time: -minutesAgo(0) }),
  'is to come': (claims) => ({ ...claims, auth_time: minutesAgo(-5) }),
  'is in milliseconds': (claims) => ({ ...claims, auth_time: Date.now() }),
  'is a word': (claims) => ({ ...claims, auth_time: 'now' }),
  'is a number in quotes': (claims) => ({ ...claims, auth_time: String(minutesAgo(0)) }),
  'is a list': (claims) => ({ ...claims, auth_time: [minutesAgo(0)] }),
  'is null': (claims) => ({ ...claims, auth_time: null }),
  'is missing where the provider promises it': ({ auth_time: _, ...claims }) => claims,
};
for (const [what, claims] of Object.entries(times)) {
  test(`an auth_time that ${what} does not count as signing in again`, async () => {
    await signInLongAgo();
    provider.lies = { claims };
    await assertAsBefore(() => signInAgain(), 'sign-in-too-old');
  });
}

test('an auth_time that only the unsigned userinfo says does not count', async () => {
  await signInLongAgo();
  provider.lies = { claims: ({ auth_time: _, ...claims }) => claims, userinfo: (honest) => ({ ...honest, auth_time: minutesAgo(0) }) };
  await assertAsBefore(() => signInAgain(), 'sign-in-too-old');
});

test('a person who takes the demand out of the address, at a provider where they are signed in, is not recent', async () => {
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'company' })));
  await age(11);
  const strip = (address: URL): void => ['prompt', 'max_age'].forEach((name) => address.searchParams.delete(name));
  await assertAsBefore(() => signInAgain(strip), 'sign-in-too-old');
});

test('where a provider never says when, having asked it to prompt counts, also in a session of its own', async () => {
  await signInLongAgo('silent');
  const address = await addressAgain();
  assert.equal((await browser.send(await passProvider(browser, address))).headers.get('location'), '/admin/approvals?tab=open');
  assert.equal(await isRecent(), true);
  // Signing in there as always does not.
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'silent' })));
  assert.equal(await isRecent(), false);
});

test('a cookie of ours that was made up, changed or taken from another browser makes nobody recent', async () => {
  await signInLongAgo('silent');
  const victim = browser;
  await addressAgain();
  const cookie = victim.cookies.get('attest-sign-in.again') ?? '';
  for (const forged of ['x', `${cookie.slice(0, -2)}AA`, Buffer.from(JSON.stringify({ memberId: (await whoIs(victim, appUrl))?.id, begunAt: Date.now(), path: '/' })).toString('base64url')]) {
    const address = await startSignIn(browser, appUrl, { provider: 'silent' });
    browser.cookies.set('attest-sign-in.again', forged);
    await browser.send(await passProvider(browser, address));
    assert.equal(await isRecent(), false, forged);
  }
  // Somebody else's: refused, because it names another member.
  browser = testBrowser(appUrl, app);
  silent.account = `thief-${randomUUID()}`;
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'silent' })));
  const address = await startSignIn(browser, appUrl, { provider: 'silent' });
  browser.cookies.set('attest-sign-in.again', cookie);
  assert.equal((await browser.send(await passProvider(browser, address))).headers.get('location'), '/sign-in?error=another-account');
  assert.equal(await isRecent(), false);
});

test('an ordinary sign-in that is begun afterwards is one, and not again', async () => {
  await signInLongAgo();
  await addressAgain();
  provider.account = `other-${randomUUID()}`;
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'company' })));
  assert.equal((await whoIs(browser, appUrl))?.email, `${provider.account}@halden.example`);
  assert.equal((await records()).at(-1)?.event, 'session.started');
});

test('nobody, somebody disabled and a page of another site begin nothing', async () => {
  assert.equal((await askAgain(testBrowser(appUrl, app))).status, 401);
  await signInLongAgo();
  const cross = await browser.send('/api/auth/again', { method: 'POST', headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } });
  assert.equal(cross.status, 403);
  assert.equal((await browser.send('/api/auth/again')).status, 404);
  const id = (await whoIs(browser, appUrl))?.id ?? '';
  const address = await addressAgain();
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', id).execute());
  assert.equal((await askAgain()).status, 401);
  assert.equal((await browser.send(await passProvider(browser, address))).headers.get('location'), '/sign-in?error=member-disabled');
  assert.equal(await isRecent(), false);
});

test('the way back leads to pages of ours alone', async () => {
  await signInLongAgo();
  for (const callbackUrl of ['https://evil.example/', '//evil.example', '/api/auth/signout', 'javascript:alert(1)']) {
    const response = await browser.send('/api/auth/again', { method: 'POST', headers: { origin: appUrl, 'content-type': 'application/json' }, body: JSON.stringify({ callbackUrl }) });
    const { url } = (await response.json()) as { url: string };
    assert.equal((await browser.send(await passProvider(browser, url))).headers.get('location'), '/', callbackUrl);
  }
});

const id = randomUUID();
const call = (handler: typeof approve): Promise<Response> =>
  handler(new Request(`${appUrl}/api/proposals/${id}/approve`, { method: 'POST', headers: { origin: appUrl, cookie: requestOf().headers.get('cookie') ?? '' } }), { params: Promise.resolve({ id }) });

test('deciding on a proposal takes a recent sign-in, after the role and before anything else, and the refusal is recorded', async () => {
  await signInLongAgo();
  const member = (await whoIs(browser, appUrl))?.id ?? '';
  for (const handler of [approve, decline]) assert.match(await (await call(handler)).text(), /"code":"not-permitted"/);
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ role: 'admin' }).where('id', '=', member).execute());
  for (const handler of [approve, decline]) {
    const response = await call(handler);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /"code":"sign-in-again"/);
  }
  const last = (await records()).at(-1);
  assert.deepEqual([last?.event, last?.actor_id, last?.details['code']], ['request.refused', member, 'sign-in-again']);
  await signInAgain();
  for (const handler of [approve, decline]) assert.match(await (await call(handler)).text(), /"code":"not-found"/);
});

test('a route asks for it by one word, and one that does not is not asked', async () => {
  await signInLongAgo();
  const send = (handler: ReturnType<typeof route>): Promise<Response> => handler(requestOf(), { params: Promise.resolve({}) });
  assert.equal((await send(route({ permission: 'profile:read', recentSignIn: true }, async () => json({})))).status, 403);
  assert.equal((await send(route({ permission: 'profile:read' }, async () => json({})))).status, 200);
});

/** Signs in by SAML, as the provider says it. `again` begins from the session. */
async function bySaml(says: Partial<Saying> & { authnMinutes?: number } = {}, again = false): Promise<{ location: string; forced: boolean }> {
  const request = readRequest(again ? await addressAgain() : await startSignIn(browser, appUrl, { provider: 'idp' }));
  const xml = honestResponse(saml, { requestId: request.id, acs: `${appUrl}/api/auth/saml/idp/acs`, audience: 'attest-test', nameId: account, attributes: { email: `${account}@halden.example` }, ...says });
  await app(new Request(`${appUrl}/api/auth/saml/idp/acs`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://idp.example', 'sec-fetch-site': 'cross-site' }, body: new URLSearchParams({ SAMLResponse: encodeResponse(xml) }).toString() }));
  return { location: (await browser.send('/api/auth/saml/idp/finish')).headers.get('location') ?? '', forced: /ForceAuthn="true"/.test(request.xml) };
}

test('a SAML provider is told to ask anew, and the time that it signs counts', async () => {
  assert.deepEqual(await bySaml({ authnMinutes: -30 }), { location: '/', forced: false });
  assert.equal(await isRecent(), false, 'signed in here just now, and there half an hour ago');
  assert.deepEqual(await bySaml({}, true), { location: '/admin/approvals?tab=open', forced: true });
  assert.equal(await isRecent(), true);
});

for (const [what, says, reason] of [
  ['that was given for a sign-in of half an hour ago', { authnMinutes: -30 }, 'sign-in-too-old'],
  ['for a sign-in to come', { authnMinutes: 5 }, 'sign-in-too-old'],
  ['about somebody else', { nameId: 'somebody-else', attributes: { email: 'else@halden.example' } }, 'another-account'],
] as const) {
  test(`an assertion ${what} does not count as signing in again`, async () => {
    await bySaml({ authnMinutes: -30 });
    await assertAsBefore(async () => (await bySaml(says, true)).location, reason);
  });
}
