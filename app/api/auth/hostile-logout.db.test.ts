/** Logout tokens over the back channel: a valid one ends what it names within a second, and everything else ends nothing. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { base64url, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { signInActor } from '#lib/actor.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, startTestProvider, type Claims, type TestProvider } from '#lib/auth/testing-provider.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { addAuditor, app, newAppUrl, records, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
const event = 'http://schemas.openid.net/event/backchannel-logout';
const stranger = await generateKeyPair('RS256');
let database: TestDatabase;
let provider: TestProvider;
let other: TestProvider;
let victim: { browser: TestBrowser; sub: string; sid: string };

before(async () => {
  database = await openTestDatabase();
  [provider, other] = await Promise.all([startTestProvider({ appUrl, id: 'company' }), startTestProvider({ appUrl, id: 'other' })]);
  const entry = { id: 'other', name: 'Other', issuer: other.issuer, clientId: other.clientId, clientSecret: other.clientSecret };
  useEnv({
    ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent',
    OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_CLIENT_SECRET: provider.clientSecret, OIDC_PROVIDERS: JSON.stringify([entry]),
  });
  await addAuditor();
  victim = await signIn(provider, 'company');
});
after(async () => {
  await Promise.all([provider.stop(), other.stop()]);
  await database.stop();
});

/** Somebody signed in with the provider, as `account` or somebody new. */
async function signIn(at: TestProvider, id: string, account = `person-${randomUUID()}`): Promise<typeof victim> {
  at.account = account;
  const browser = testBrowser(appUrl, app);
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: id })));
  const actor = await whoIs(browser, appUrl);
  const row = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('provider_session').where('member_id', '=', actor?.id ?? '').orderBy('created_at', 'desc').executeTakeFirstOrThrow());
  assert.ok(row.provider_session !== null);
  return { browser, sub: account, sid: row.provider_session };
}

const now = () => Math.floor(Date.now() / 1000);

/** Claims of a valid token about the victim, with changes; undefined leaves one out. */
function claimsOf(changes: Claims = {}, about: { sub: string; sid: string } = victim): Claims {
  const { sub, sid } = about;
  const all: Claims = { iss: provider.issuer, aud: provider.clientId, iat: now(), exp: now() + 120, jti: randomUUID(), sub, sid, events: { [event]: {} }, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
const sign = (claims: Claims, header: Claims = {}): Promise<string> => provider.sign(claims, { typ: 'logout+jwt', ...header });

function send(body: string, { at = 'company', type = 'application/x-www-form-urlencoded' } = {}): Promise<Response> {
  // As a server sends it: no cookie, no Origin.
  return app(new Request(`${appUrl}/api/auth/backchannel/${at}`, { method: 'POST', headers: { 'content-type': type }, body }));
}
const sendToken = (token: string, at?: string): Promise<Response> => send(`logout_token=${encodeURIComponent(token)}`, at === undefined ? {} : { at });

const mutants: Readonly<Record<string, () => Promise<string> | string>> = {
  'of no type': () => provider.sign(claimsOf(), { typ: undefined }),
  'of the type of an ID token': () => provider.sign(claimsOf(), { typ: 'JWT' }),
  'of a type that only begins like it': () => sign(claimsOf(), { typ: 'logout+jwt+more' }),
  'by another issuer': () => sign(claimsOf({ iss: 'https://other.example' })),
  'by nobody': () => sign(claimsOf({ iss: undefined })),
  'for another client': () => sign(claimsOf({ aud: 'somebody-else' })),
  'for nobody': () => sign(claimsOf({ aud: undefined })),
  'issued an hour ago': () => sign(claimsOf({ iat: now() - 3600, exp: now() + 3600 })),
  'issued in an hour': () => sign(claimsOf({ iat: now() + 3600, exp: now() + 7200 })),
  'issued at no time': () => sign(claimsOf({ iat: undefined })),
  'that has expired': () => sign(claimsOf({ exp: now() - 120 })),
  'without a number of its own': () => sign(claimsOf({ jti: undefined })),
  'with an empty number of its own': () => sign(claimsOf({ jti: '' })),
  'without events': () => sign(claimsOf({ events: undefined })),
  'with another event': () => sign(claimsOf({ events: { 'http://schemas.openid.net/event/other': {} } })),
  'with its event in a list': () => sign(claimsOf({ events: [event] })),
  'with its event as a word': () => sign(claimsOf({ events: { [event]: 'yes' } })),
  'with a nonce': () => sign(claimsOf({ nonce: 'a nonce' })),
  'with an empty nonce': () => sign(claimsOf({ nonce: '' })),
  'about nobody': () => sign(claimsOf({ sub: undefined, sid: undefined })),
  'about a number': () => sign(claimsOf({ sub: 7, sid: undefined })),
  'about a list': () => sign(claimsOf({ sub: [victim.sub], sid: [victim.sid] })),
  'that is not signed': () => `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'logout+jwt' }))}.${new UnsecuredJWT(claimsOf()).encode().split('.')[1] ?? ''}.`,
  'signed by a stranger': () => new SignJWT(claimsOf()).setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'logout+jwt' }).sign(stranger.privateKey),
  'signed by a stranger who names a new key': () => new SignJWT(claimsOf()).setProtectedHeader({ alg: 'RS256', kid: 'two', typ: 'logout+jwt' }).sign(stranger.privateKey),
  'signed with our client secret': () => new SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' }).sign(Buffer.from(provider.clientSecret)),
  'signed with the public key as a secret': async () => new SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256', kid: 'one', typ: 'logout+jwt' }).sign(Buffer.from(await exportSPKI((await importJWK(provider.publicJwk, 'RS256', { extractable: true })) as CryptoKey))),
  'signed by the other provider': () => other.sign(claimsOf(), { typ: 'logout+jwt' }),
  'signed by the other provider in its own name': () => other.sign(claimsOf({ iss: other.issuer }), { typ: 'logout+jwt' }),
  'changed after it was signed': async () => {
    const [header = '', , signature = ''] = (await sign(claimsOf({ sub: 'somebody', sid: undefined }))).split('.');
    return `${header}.${base64url.encode(JSON.stringify(claimsOf()))}.${signature}`;
  },
  'cut off': async () => (await sign(claimsOf())).slice(0, -10),
  'that is no token': () => 'logout',
  'that is an ID token': () => provider.sign({ ...claimsOf({ events: undefined, jti: undefined }), nonce: 'a nonce' }),
};
for (const [what, make] of Object.entries(mutants)) {
  test(`a logout token ${what} is refused and ends nothing`, async () => {
    const response = await sendToken(await make());
    assert.equal(response.status, 400);
    assert.equal(((await response.json()) as Claims)['error'], 'invalid_request');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.notEqual(await whoIs(victim.browser, appUrl), null);
  });
}

test('a logout token as JSON, twice in one form or not at all is refused and ends nothing', async () => {
  const token = await sign(claimsOf());
  for (const response of [
    await send(JSON.stringify({ logout_token: token }), { type: 'application/json' }),
    await send(`logout_token=${token}&logout_token=${token}`),
    await send(`logout_token=${token}`, { type: 'text/plain' }),
    await send(''),
  ]) {
    assert.equal(response.status, 400);
  }
  assert.equal((await send(`logout_token=${'x'.repeat(100_000)}`)).status, 413);
  assert.equal((await sendToken(token, 'nobody')).status, 404);
  assert.notEqual(await whoIs(victim.browser, appUrl), null);
});

test('a token of one provider about a person of another ends nothing', async () => {
  const theirs = await signIn(other, 'other', victim.sub.replace('person', 'there'));
  assert.equal((await sendToken(await sign(claimsOf({ sub: theirs.sub, sid: undefined })))).status, 200);
  assert.equal((await sendToken(await sign(claimsOf({ sub: undefined, sid: theirs.sid })))).status, 200);
  assert.notEqual(await whoIs(theirs.browser, appUrl), null);
});

test('a valid token ends the one session it names within a second, and leaves the others', async () => {
  const one = await signIn(provider, 'company');
  const elsewhere = await signIn(provider, 'company', one.sub);
  assert.notEqual(one.sid, elsewhere.sid);
  const begun = performance.now();
  const response = await sendToken(await sign(claimsOf({}, one)));
  assert.equal(response.status, 200);
  assert.equal(await whoIs(one.browser, appUrl), null);
  assert.ok(performance.now() - begun < 1000);
  assert.notEqual(await whoIs(elsewhere.browser, appUrl), null);
  assert.notEqual(await whoIs(victim.browser, appUrl), null);
});

test('a valid token about a person ends all of their sessions with that provider, and is on record', async () => {
  const one = await signIn(provider, 'company');
  const elsewhere = await signIn(provider, 'company', one.sub);
  assert.equal((await sendToken(await sign(claimsOf({ sid: undefined }, one)))).status, 200);
  for (const { browser } of [one, elsewhere]) assert.equal(await whoIs(browser, appUrl), null);
  const told = (await records()).filter((record) => record.event === 'session.ended').slice(-2);
  assert.ok(told.every((record) => record.details['by'] === 'the identity provider'));
});

test('a valid token without an end is taken for five minutes, and one with several audiences where we are among them', async () => {
  const one = await signIn(provider, 'company');
  assert.equal((await sendToken(await sign(claimsOf({ exp: undefined, aud: ['else', provider.clientId] }, one)))).status, 200);
  assert.equal(await whoIs(one.browser, appUrl), null);
});

test('a token that was used once is refused the second time, also when both arrive at once', async () => {
  const one = await signIn(provider, 'company');
  const token = await sign(claimsOf({}, one));
  const answers = await Promise.all(Array.from({ length: 5 }, () => sendToken(token)));
  assert.deepEqual(answers.map((response) => response.status).sort(), [200, 400, 400, 400, 400]);
  const again = await signIn(provider, 'company', one.sub);
  assert.equal((await sendToken(token)).status, 400);
  assert.notEqual(await whoIs(again.browser, appUrl), null);
});

test('made-up key ids do not make us ask the provider again and again', async () => {
  const asked = () => provider.asked.filter((line) => line.endsWith('/jwks')).length;
  const before = asked();
  for (let index = 0; index < 20; index += 1) await sendToken(await new SignJWT(claimsOf()).setProtectedHeader({ alg: 'RS256', kid: `made-up-${index}`, typ: 'logout+jwt' }).sign(stranger.privateKey));
  assert.ok(asked() - before <= 2, `${asked() - before} times`);
});

test('a provider that does not answer ends nothing and lets nothing through', async () => {
  const gone = await startTestProvider({ appUrl, id: 'company' });
  useEnv({ ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent', OIDC_ISSUER: gone.issuer, OIDC_CLIENT_ID: gone.clientId, OIDC_CLIENT_SECRET: gone.clientSecret });
  await gone.stop();
  assert.equal((await sendToken(await gone.sign({ ...claimsOf(), iss: gone.issuer }, { typ: 'logout+jwt' }))).status, 400);
  assert.notEqual(await whoIs(victim.browser, appUrl), null);
});
