/**
 * A provider that lies, and people who tamper with what passes through their browser. It is the real one, tampered with
 * on its way. In every case nobody gets in and nothing is written: no session, no member, no account, no membership.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { base64url, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { signInActor } from '#lib/actor.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, startTestProvider, type Claims, type Lies, type TestProvider } from '#lib/auth/testing-provider.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { addAuditor, app, countWritten, newAppUrl, records, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
const [ownKeys, otherKeys] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256', { extractable: true })]);
const stranger = await generateKeyPair('RS256', { extractable: true });
const strangerEc = await generateKeyPair('ES256', { extractable: true });

let database: TestDatabase;
let provider: TestProvider;
let other: TestProvider;
let claims: Claims;
/** The address of whoever signs in, new for each test. */
let victim: string;

before(async () => {
  database = await openTestDatabase();
  useEnv({ ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
  await addAuditor();
});
after(() => database.stop());
// Both are new for each test, because what a provider publishes is kept for a while.
beforeEach(async () => {
  const account = `victim-${randomUUID()}`;
  victim = `${account}@halden.example`;
  claims = { email: victim, email_verified: true, name: 'Victim', groups: ['Sales'] };
  const claimsOf = () => claims;
  [provider, other] = await Promise.all([startTestProvider({ appUrl, id: 'company', keys: ownKeys, claimsOf, configuration: { pkce: { required: () => false } } }), startTestProvider({ appUrl, id: 'other', keys: otherKeys, claimsOf })]);
  provider.account = account;
  other.account = account;
  const entry = { id: 'other', name: 'Other', issuer: other.issuer, clientId: other.clientId, clientSecret: other.clientSecret };
  useEnv({
    ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent',
    OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_CLIENT_SECRET: provider.clientSecret, OIDC_PROVIDERS: JSON.stringify([entry]),
  });
});
afterEach(async () => {
  await Promise.all([provider.stop(), other.stop()]);
});

interface Tampering {
  lies?: Lies;
  /** Changes what the person's browser brings back. */
  spoil?: (callback: URL, browser: TestBrowser) => void | Promise<void>;
  /** Changes where the person's browser is sent. */
  divert?: (authorization: URL) => void;
}

async function tryToSignIn({ lies = {}, spoil, divert }: Tampering): Promise<{ browser: TestBrowser; status: number; location: string }> {
  const browser = testBrowser(appUrl, app);
  provider.lies = lies;
  const authorization = new URL(await startSignIn(browser, appUrl, { provider: 'company' }));
  divert?.(authorization);
  const callback = new URL(await passProvider(browser, authorization.href));
  await spoil?.(callback, browser);
  const response = await browser.send(callback.href);
  return { browser, status: response.status, location: response.headers.get('location') ?? '' };
}

/** Nobody gets in, nothing is written, and the person is told something. */
async function assertRefused(tampering: Tampering): Promise<void> {
  const written = await countWritten();
  const { browser, status, location } = await tryToSignIn(tampering);
  assert.ok(status === 404 || /^\/sign-in\?error=[a-z-]+$/.test(location), `${status} ${location}`);
  assert.equal(await whoIs(browser, appUrl), null);
  assert.deepEqual(await countWritten(), written);
}

test('the same provider lets people in when it does not lie', async () => {
  const { browser, location } = await tryToSignIn({});
  assert.equal(location, '/');
  assert.equal((await whoIs(browser, appUrl))?.email, victim);
});

const changed = (changes: Claims): Lies => ({ claims: (honest) => Object.fromEntries(Object.entries({ ...honest, ...changes }).filter(([, value]) => value !== undefined)) });
const hour = 3600;
const inAnHour = () => Math.floor(Date.now() / 1000) + hour;
const anHourAgo = () => Math.floor(Date.now() / 1000) - hour;
const signedBy = (key: CryptoKey | Uint8Array, header: Claims) => (claimsToSign: Claims) => new SignJWT(claimsToSign).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);

const tokenLies: Readonly<Record<string, () => Lies>> = {
  'names another issuer': () => changed({ iss: 'https://other.example' }),
  'names the other provider as issuer': () => changed({ iss: other.issuer }),
  'names its issuer with a slash more': () => changed({ iss: `${provider.issuer}/` }),
  'names no issuer': () => changed({ iss: undefined }),
  'names its issuer in a list': () => changed({ iss: [provider.issuer] }),
  'is for another client': () => changed({ aud: 'somebody-else' }),
  'is for no client': () => changed({ aud: undefined }),
  'is for an empty list of clients': () => changed({ aud: [] }),
  'is for several clients without saying which': () => changed({ aud: ['attest', 'other'] }),
  'was issued to another of several clients': () => changed({ aud: ['attest', 'other'], azp: 'other' }),
  'was issued to another client': () => changed({ azp: 'other' }),
  'carries another nonce': () => changed({ nonce: 'x'.repeat(43) }),
  'carries no nonce': () => changed({ nonce: undefined }),
  'carries its nonce in a list': () => ({ claims: (honest) => ({ ...honest, nonce: [honest['nonce']] }) }),
  'has expired': () => changed({ exp: anHourAgo() }),
  'never expires': () => changed({ exp: undefined }),
  'expires at a word': () => changed({ exp: 'tomorrow' }),
  'is not valid yet': () => changed({ nbf: inAnHour() }),
  'was issued in the future': () => changed({ iat: inAnHour(), exp: inAnHour() + hour }),
  'was issued at no time': () => changed({ iat: undefined }),
  'names nobody': () => changed({ sub: undefined }),
  'names somebody with a number': () => changed({ sub: 7 }),
  'names somebody with nothing': () => changed({ sub: '' }),
  'names somebody too long to keep': () => changed({ sub: 'x'.repeat(256) }),
  'has an access token of somebody else beside it': () => changed({ at_hash: base64url.encode(Buffer.alloc(16, 7)) }),
  'is not signed': () => ({ sign: (given) => new UnsecuredJWT(given).encode() }),
  'is not signed and says so in capitals': () => ({ sign: (given) => `${base64url.encode(JSON.stringify({ alg: 'NONE', typ: 'JWT' }))}.${base64url.encode(JSON.stringify(given))}.` }),
  'is signed with the client secret': () => ({ sign: (given) => signedBy(Buffer.from(provider.clientSecret), { alg: 'HS256' })(given) }),
  'is signed with the public key’s text as a secret': () => ({ sign: async (given) => signedBy(Buffer.from(await exportSPKI((await importJWK(provider.publicJwk, 'RS256', { extractable: true })) as CryptoKey)), { alg: 'HS256', kid: 'one' })(given) }),
  'is signed with the public key’s JSON as a secret': () => ({ sign: (given) => signedBy(Buffer.from(JSON.stringify(provider.publicJwk)), { alg: 'HS256', kid: 'one' })(given) }),
  'is signed with a key that is not published': () => ({ sign: signedBy(stranger.privateKey, { kid: 'one' }) }),
  'names a key that does not exist': () => ({ sign: signedBy(stranger.privateKey, { kid: 'two' }) }),
  'names no key and is signed by a stranger': () => ({ sign: signedBy(stranger.privateKey, {}) }),
  'brings its own key': () => ({ sign: async (given) => signedBy(stranger.privateKey, { kid: 'one', jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } })(given) }),
  'says where its key can be fetched': () => ({ sign: signedBy(stranger.privateKey, { kid: 'two', jku: `${other.issuer}/jwks`, x5u: `${other.issuer}/jwks` }) }),
  'is signed with another kind of key': () => ({ sign: signedBy(strangerEc.privateKey, { alg: 'ES256', kid: 'one' }) }),
  'asks for something critical that nobody knows': () => ({ sign: async (given) => {
    const [, body = '', signature = ''] = (await provider.sign(given)).split('.');
    return `${base64url.encode(JSON.stringify({ alg: 'RS256', kid: 'one', crit: ['exp'], exp: 1 }))}.${body}.${signature}`;
  } }),
  'was changed after it was signed': () => ({ sign: async (given) => {
    const [header = '', , signature = ''] = (await provider.sign(given)).split('.');
    return `${header}.${base64url.encode(JSON.stringify({ ...given, sub: 'attacker' }))}.${signature}`;
  } }),
  'is cut off': () => ({ sign: async (given) => (await provider.sign(given)).slice(0, -10) }),
  'has five parts': () => ({ sign: async (given) => `${await provider.sign(given)}.${'x'.repeat(10)}.${'y'.repeat(10)}` }),
  'is a number': () => ({ token: (honest) => ({ ...honest, id_token: 7 }) }),
  'is missing': () => ({ token: ({ id_token: _left, ...rest }) => rest }),
  'was made by the other provider': () => ({ sign: (given) => other.sign(given) }),
  'is a logout token': () => ({ claims: ({ nonce: _nonce, ...rest }) => ({ ...rest, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }), sign: (given) => provider.sign(given, { typ: 'logout+jwt' }) }),
};
for (const [what, lie] of Object.entries(tokenLies)) test(`an ID token that ${what} lets nobody in`, () => assertRefused({ lies: lie() }));

const megabytes5 = ' '.repeat(5_000_000);
const answerLies: Readonly<Record<string, () => Lies>> = {
  'userinfo is about another person': () => ({ userinfo: (honest) => ({ ...honest, sub: 'attacker' }) }),
  'userinfo is about nobody': () => ({ userinfo: ({ sub: _left, ...rest }) => rest }),
  'userinfo is not JSON': () => ({ userinfo: () => '<html>' }),
  'userinfo has 5 MB': () => ({ userinfo: (honest) => JSON.stringify(honest) + megabytes5 }),
  'userinfo is elsewhere': () => ({ moved: { path: /\/me$/, to: `${other.issuer}/me` } }),
  'userinfo is broken': () => ({ broken: { path: /\/me$/, status: 500 } }),
  'the keys have 5 MB': () => ({ keys: (honest) => JSON.stringify(honest) + megabytes5 }),
  'the keys take too long': () => ({ slow: { path: /\/jwks$/, ms: 6000 } }),
  'the keys cannot be reached': () => ({ dead: /\/jwks$/ }),
  'the keys are broken': () => ({ broken: { path: /\/jwks$/, status: 503 } }),
  'there are no keys': () => ({ keys: () => ({ keys: [] }) }),
  'the keys are not JSON': () => ({ keys: () => '<html>' }),
  'the keys are elsewhere': () => ({ moved: { path: /\/jwks$/, to: `${other.issuer}/jwks` } }),
  'the key is a shared secret': () => ({ keys: () => ({ keys: [{ kty: 'oct', kid: 'one', alg: 'HS256', k: base64url.encode('a secret that everybody can read now') }] }), sign: (given) => signedBy(Buffer.from('a secret that everybody can read now'), { alg: 'HS256', kid: 'one' })(given) }),
  'there are ten thousand keys': () => ({ keys: ({ keys }) => ({ keys: Array.from({ length: 10_000 }, () => (keys as unknown[])[0]) }) }),
  'the keys are for encryption': () => ({ keys: ({ keys }) => ({ keys: (keys as Claims[]).map((key) => ({ ...key, use: 'enc' })) }) }),
  'tokens cannot be reached': () => ({ dead: /\/token$/ }),
  'tokens are broken': () => ({ broken: { path: /\/token$/, status: 500 } }),
  'tokens have 5 MB': () => ({ token: (honest) => JSON.stringify(honest) + megabytes5 }),
  'tokens are not JSON': () => ({ token: () => '<html>' }),
  'tokens take too long': () => ({ slow: { path: /\/token$/, ms: 6000 } }),
  'tokens are elsewhere, with our secret': () => ({ moved: { path: /\/token$/, to: `${other.issuer}/token` } }),
};
for (const [what, lie] of Object.entries(answerLies)) test(`nobody gets in where ${what}`, () => assertRefused({ lies: lie() }));

const metadataLies: Readonly<Record<string, () => Lies>> = {
  'calls itself by another name': () => ({ metadata: (honest) => ({ ...honest, issuer: 'https://other.example' }) }),
  'sends keys over plain http from elsewhere': () => ({ metadata: (honest) => ({ ...honest, jwks_uri: 'http://192.0.2.1/jwks' }) }),
  'takes codes over plain http elsewhere': () => ({ metadata: (honest) => ({ ...honest, token_endpoint: 'http://192.0.2.1/token' }) }),
  'publishes 5 MB': () => ({ metadata: (honest) => JSON.stringify(honest) + megabytes5 }),
  'publishes something else': () => ({ metadata: () => '<html>' }),
  'publishes no endpoints': () => ({ metadata: ({ issuer }) => ({ issuer }) }),
  'takes too long': () => ({ slow: { path: /openid-configuration/, ms: 6000 } }),
  'cannot be reached': () => ({ dead: /openid-configuration/ }),
  'is elsewhere': () => ({ moved: { path: /openid-configuration/, to: `${other.issuer}/.well-known/openid-configuration` } }),
};
for (const [what, lie] of Object.entries(metadataLies)) {
  test(`a provider that ${what} starts no sign-in`, async () => {
    const written = await countWritten();
    await assert.rejects(tryToSignIn({ lies: lie() }), /503 .*identity-provider-unavailable/);
    assert.deepEqual(await countWritten(), written);
  });
}

/** An address of ours to which the other provider sends somebody, together with what the browser then holds. */
async function callbackOfOther(browser: TestBrowser): Promise<URL> {
  return new URL(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'other' })));
}

const responses: Readonly<Record<string, Tampering>> = {
  'no state': { spoil: (callback) => callback.searchParams.delete('state') },
  'a state from another sign-in': { spoil: (callback) => callback.searchParams.set('state', 'x'.repeat(43)) },
  'an empty state': { spoil: (callback) => callback.searchParams.set('state', '') },
  'two states': { spoil: (callback) => callback.searchParams.append('state', 'x'.repeat(43)) },
  'the name of another issuer': { spoil: (callback) => callback.searchParams.set('iss', 'http://127.0.0.1:9') },
  'the name of the other provider': { spoil: (callback) => callback.searchParams.set('iss', other.issuer) },
  'no issuer although the provider promises one': { spoil: (callback) => callback.searchParams.delete('iss') },
  'no code': { spoil: (callback) => callback.searchParams.delete('code') },
  'a code that was never given': { spoil: (callback) => callback.searchParams.set('code', 'x'.repeat(43)) },
  'an error beside its code': { spoil: (callback) => callback.searchParams.set('error', 'access_denied') },
  'an ID token in its address instead of a code': { spoil: (callback) => { callback.searchParams.delete('code'); callback.searchParams.set('id_token', 'x.y.z'); } },
  'a code that another browser was given': {
    spoil: async (callback) => {
      const theirs = testBrowser(appUrl, app);
      callback.searchParams.set('code', new URL(await passProvider(theirs, await startSignIn(theirs, appUrl, { provider: 'company' }))).searchParams.get('code') ?? '');
    },
  },
  'the other provider’s answer': { spoil: async (callback, browser) => {
    const theirs = await callbackOfOther(testBrowser(appUrl, app));
    for (const name of ['code', 'state', 'iss']) callback.searchParams.set(name, theirs.searchParams.get(name) ?? '');
    assert.ok(browser.cookies.size > 0);
  } },
  'the other provider’s cookies': { spoil: async (callback, browser) => {
    const theirs = testBrowser(appUrl, app);
    await callbackOfOther(theirs);
    for (const name of ['state', 'nonce', 'verifier']) browser.cookies.set(`attest-sign-in.${name}`, theirs.cookies.get(`attest-sign-in.${name}`) ?? '');
    assert.ok(callback.href);
  } },
  'everything of it at the other provider’s address': { spoil: (callback) => { callback.pathname = '/api/auth/callback/other'; } },
  'everything of it at the address of a provider that is not there': { spoil: (callback) => { callback.pathname = '/api/auth/callback/google'; } },
  'no cookies at all': { spoil: (_callback, browser) => browser.cookies.clear() },
  'the PKCE challenge stripped on the way there': { divert: (authorization) => { authorization.searchParams.delete('code_challenge'); authorization.searchParams.delete('code_challenge_method'); } },
  'the PKCE challenge replaced on the way there': { divert: (authorization) => authorization.searchParams.set('code_challenge', base64url.encode(Buffer.alloc(32, 1))) },
  'the nonce stripped on the way there': { divert: (authorization) => authorization.searchParams.delete('nonce') },
  'the nonce replaced on the way there': { divert: (authorization) => authorization.searchParams.set('nonce', 'y'.repeat(43)) },
};
for (const [what, tampering] of Object.entries(responses)) {
  test(`a response with ${what} signs nobody in`, () => assertRefused(tampering));
}
test('a code is good for one sign-in', async () => {
  const written: Record<string, number>[] = [];
  const { location } = await tryToSignIn({
    spoil: async (callback, browser) => {
      const cookies = new Map(browser.cookies);
      assert.equal((await browser.send(callback.href)).headers.get('location'), '/');
      written.push(await countWritten());
      browser.cookies.clear();
      for (const [name, value] of cookies) browser.cookies.set(name, value);
    },
  });
  assert.equal(location, '/sign-in?error=response-invalid');
  assert.deepEqual(await countWritten(), written[0]);
});
for (const cookie of ['state', 'nonce', 'verifier']) {
  test(`a response without the ${cookie} cookie signs nobody in`, () => assertRefused({ spoil: (_callback, browser) => assert.ok(browser.cookies.delete(`attest-sign-in.${cookie}`)) }));
  test(`a response with the ${cookie} cookie of another sign-in signs nobody in`, () =>
    assertRefused({ spoil: async (_callback, browser) => {
      const theirs = testBrowser(appUrl, app);
      await startSignIn(theirs, appUrl, { provider: 'company' });
      browser.cookies.set(`attest-sign-in.${cookie}`, theirs.cookies.get(`attest-sign-in.${cookie}`) ?? '');
    } }));
}

async function addVictim(changes: { disabled_at?: Date } = {}): Promise<void> {
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id: randomUUID(), email: victim, name: 'Written in advance', role: 'admin', ...changes }).execute());
}
const strangers: Readonly<Record<string, Claims>> = {
  'says that it is not verified': { email_verified: false },
  'says so as a word': { email_verified: 'false' },
  'does not say whether it is verified': { email_verified: undefined },
  'says so as a number': { email_verified: 1 },
};
for (const [what, change] of Object.entries(strangers)) {
  test(`the address of a member written in advance leads nobody to them where the provider ${what}`, async () => {
    await addVictim();
    claims = { ...claims, ...change };
    await assertRefused({});
  });
}
test('the address of a member who signs in with another provider leads nobody to them, verified or not', async () => {
  const theirs = testBrowser(appUrl, app);
  await addVictim();
  assert.equal((await theirs.send((await callbackOfOther(theirs)).href)).headers.get('location'), '/');
  await assertRefused({});
});
test('a disabled member is let in by no provider', async () => {
  await addVictim({ disabled_at: new Date() });
  await assertRefused({});
});
for (const [what, email] of Object.entries({ missing: undefined, 'a list': () => [victim], 'in other letters that look the same': () => victim.replace('v', 'ｖ'), 'two addresses': () => `${victim}, attacker@x.example`, 'with a line break': () => `${victim}\nbcc: x` })) {
  test(`an address that is ${what} adds nobody`, async () => {
    claims = { ...claims, email: typeof email === 'function' ? email() : email };
    await assertRefused({});
  });
}

const noGroups: Readonly<Record<string, Claims>> = {
  absent: { groups: undefined },
  'a number': { groups: 7 },
  'an object': { groups: { 0: 'Board' } },
  'a list of numbers': { groups: [1, 2] },
  'a list with one that is no name': { groups: ['Board', null] },
  'longer than anybody’s': { groups: Array.from({ length: 1001 }, () => 'Board') },
  'a pointer to somewhere else': { groups: undefined, _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'http://127.0.0.1:9/' } } },
};
for (const [what, change] of Object.entries(noGroups)) {
  test(`groups that are ${what} mean no groups, and take away those from before`, async () => {
    claims = { ...claims, groups: ['Board'] };
    await transaction(signInActor, (tx) => tx.insertInto('groups').values({ id: randomUUID(), name: 'Board' }).onConflict((on) => on.doNothing()).execute());
    const groupsOf = async (browser: TestBrowser) => {
      const actor = await whoIs(browser, appUrl);
      return (await transaction(signInActor, (tx) => tx.selectFrom('memberships').select('group_id').where('member_id', '=', actor?.id ?? '').execute())).length;
    };
    assert.equal(await groupsOf((await tryToSignIn({})).browser), 1);
    claims = { ...claims, ...change };
    assert.equal(await groupsOf((await tryToSignIn({})).browser), 0);
  });
}

const addresses = [
  'https://evil.example/', '//evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/%09/evil.example', '/%2f/evil.example', '/%5cevil.example', 'https:evil.example', 'https:/evil.example',
  'http://127.0.0.1:9/', 'javascript:alert(1)', 'data:text/html,x', '/api/auth/signout', '/sign-in?error=x', '/./api/x', '/a/..//evil.example', '/;@evil.example', `${appUrl}@evil.example/`, `${appUrl}.evil.example/`, '\u0000//evil.example', 'ftp://evil.example',
];
for (const address of addresses) {
  test(`after signing in nobody is sent to ${JSON.stringify(address)}`, async () => {
    const browser = testBrowser(appUrl, app);
    const callback = await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'company', callbackUrl: address }));
    const { origin, pathname } = new URL((await browser.send(callback)).headers.get('location') ?? '', appUrl);
    assert.equal(origin, appUrl);
    assert.doesNotMatch(pathname, /^\/(api|sign-in)|^\/\//);
  });
}
test('a cookie that names another page to return to is not followed either', async () => {
  const { location } = await tryToSignIn({ spoil: (_callback, browser) => void browser.cookies.set('attest-sign-in.return', encodeURIComponent('https://evil.example/')) });
  assert.equal(location, '/');
});

test('what userinfo says cannot replace what the ID token says', async () => {
  const { browser } = await tryToSignIn({ lies: { userinfo: (honest) => ({ ...honest, email: 'attacker@halden.example' }) } });
  assert.equal((await whoIs(browser, appUrl))?.email, victim);
});

test('refusals are on record with their reason, and no record holds a token, a code or a secret', async () => {
  const told = (await records()).filter((record) => record.event === 'session.refused');
  assert.ok(told.length >= 10);
  assert.ok(told.slice(0, 10).every((record) => typeof record.details['because'] === 'string' || typeof record.details['reason'] === 'string'));
  assert.doesNotMatch(JSON.stringify(told.map((record) => record.details)), /eyJ[\w-]{10,}|[\w-]{43}/);
});
