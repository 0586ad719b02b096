/** A provider that lies: what it signs, what it leaves out, what it publishes. Nobody gets in, and each try is recorded. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { signInActor } from '#lib/actor.ts';
import { startSignIn, testBrowser } from '#lib/auth/testing.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { GET, POST } from './[...nextauth]/route.ts';

const port = 20_000 + Math.floor(Math.random() * 20_000);
const appUrl = `http://127.0.0.1:${port}`;
const clientSecret = 'a client secret that is long enough for HS256 to be tried with';
const keys = await generateKeyPair('RS256', { extractable: true });
const otherKeys = await generateKeyPair('RS256');
const publicJwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };

type Claims = Record<string, unknown>;
interface Lies {
  claims: (honest: Claims) => Claims;
  sign: (claims: Claims) => Promise<string> | string;
  userinfo: Claims | null;
  metadata: (honest: Claims) => unknown;
  slowMs: number;
  token: (response: Claims) => Claims;
}
const honestly: Lies = {
  claims: (claims) => claims,
  sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(keys.privateKey),
  userinfo: null,
  metadata: (metadata) => metadata,
  slowMs: 0,
  token: (response) => response,
};

let database: TestDatabase;
let lies: Lies;
let nonce: string;
let issuer: string;

const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', issuer).pathname;
  if (path.endsWith('/openid-configuration')) {
    const endpoints = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
    await new Promise((resolve) => setTimeout(resolve, lies.slowMs));
    return reply(response, lies.metadata(lies.userinfo === null ? endpoints : { ...endpoints, userinfo_endpoint: `${issuer}/userinfo` }));
  }
  if (path === '/jwks') return reply(response, { keys: [publicJwk] });
  if (path === '/userinfo') return reply(response, lies.userinfo);
  const now = Math.floor(Date.now() / 1000);
  const honest = { iss: issuer, aud: 'attest', sub: 'victim', nonce, iat: now, exp: now + 300, email: 'victim@halden.example', email_verified: true, name: 'Victim' };
  const idToken = await lies.sign(lies.claims(honest));
  return reply(response, lies.token({ access_token: 'access', token_type: 'Bearer', id_token: idToken }));
}

function reply(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

before(async () => {
  database = await openTestDatabase();
});
after(async () => {
  server.close();
  server.closeAllConnections();
  await database.stop();
});
beforeEach(async () => {
  lies = honestly;
  // A new address for each test, because what a provider publishes is kept for a while.
  server.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  useEnv({ ATTEST_URL: appUrl, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'attest', OIDC_CLIENT_SECRET: clientSecret, AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'test' });
});

async function app(request: Request): Promise<Response> {
  const nextauth = new URL(request.url).pathname.split('/').slice(3);
  return (request.method === 'POST' ? POST : GET)(request, { params: Promise.resolve({ nextauth }) });
}

async function tryToSignIn(): Promise<{ location: string; sessions: number }> {
  const browser = testBrowser(appUrl, app);
  await transaction(signInActor, (tx) => tx.deleteFrom('sessions').execute());
  const authorization = new URL(await startSignIn(browser, appUrl, { provider: 'company' }));
  nonce = authorization.searchParams.get('nonce') ?? '';
  const state = authorization.searchParams.get('state') ?? '';
  assert.equal(authorization.searchParams.get('code_challenge_method'), 'S256');
  const response = await browser.send(`/api/auth/callback/company?code=code&state=${state}`);
  const sessions = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('id').execute());
  return { location: response.headers.get('location') ?? '', sessions: sessions.length };
}

test('the same provider lets people in when it does not lie', async () => {
  assert.deepEqual(await tryToSignIn(), { location: '/', sessions: 1 });
});

const signed = (claims: Claims, changes: Claims): Claims => ({ ...claims, ...changes });
const inTheFuture = () => Math.floor(Date.now() / 1000) + 3600;
const cases: Readonly<Record<string, Partial<Lies>>> = {
  'names another issuer': { claims: (claims) => signed(claims, { iss: 'https://other.example' }) },
  'means another client': { claims: (claims) => signed(claims, { aud: 'somebody-else' }) },
  'means several clients without saying which': { claims: (claims) => signed(claims, { aud: ['attest', 'other'] }) },
  'was issued to another client': { claims: (claims) => signed(claims, { aud: ['attest', 'other'], azp: 'other' }) },
  'carries another nonce': { claims: (claims) => signed(claims, { nonce: 'x'.repeat(43) }) },
  'carries no nonce': { claims: (claims) => signed(claims, { nonce: undefined }) },
  'has expired': { claims: (claims) => signed(claims, { exp: 1_700_000_000 }) },
  'never expires': { claims: (claims) => signed(claims, { exp: undefined }) },
  'is not valid yet': { claims: (claims) => signed(claims, { nbf: inTheFuture() }) },
  'was issued in the future': { claims: (claims) => signed(claims, { iat: inTheFuture() }) },
  'names nobody': { claims: (claims) => signed(claims, { sub: undefined }) },
  'names somebody with a number': { claims: (claims) => signed(claims, { sub: 7 }) },
  'is not signed': { sign: (claims) => new UnsecuredJWT(claims).encode() },
  'is signed with the client secret': { sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(clientSecret)) },
  'is signed with the public key as a secret': {
    sign: async (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(JSON.stringify(await exportJWK(await importJWK(publicJwk, 'RS256') as CryptoKey)))),
  },
  'is signed with a key that is not published': { sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(otherKeys.privateKey) },
  'names a key that does not exist': { sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'two' }).sign(otherKeys.privateKey) },
  'brings its own key': {
    sign: async (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk: { kty: 'RSA' } }).sign(otherKeys.privateKey),
  },
  'is cut off': { sign: async (claims) => (await honestly.sign(claims)).slice(0, -10) },
  'is missing': { token: ({ id_token: _left, ...rest }) => rest },
  'is about another person than userinfo': { userinfo: { sub: 'attacker', email: 'attacker@halden.example' } },
};

for (const [what, lie] of Object.entries(cases)) {
  test(`an ID token that ${what} lets nobody in`, async () => {
    lies = { ...honestly, ...lie };
    const { location, sessions } = await tryToSignIn();
    assert.match(location, /^\/sign-in\?error=/);
    assert.equal(sessions, 0);
  });
}

test('what userinfo says cannot replace what the ID token says', async () => {
  lies = { ...honestly, userinfo: { sub: 'victim', email: 'attacker@halden.example', email_verified: true, groups: [] } };
  assert.equal((await tryToSignIn()).sessions, 1);
  const members = await transaction(signInActor, (tx) => tx.selectFrom('members').select('email').execute());
  assert.ok(!members.some((member) => member.email === 'attacker@halden.example'));
});

for (const [what, lie] of [
  ['calls itself by another name', { metadata: (honest: Claims) => ({ ...honest, issuer: 'https://other.example' }) }],
  ['sends keys over plain http from elsewhere', { metadata: (honest: Claims) => ({ ...honest, jwks_uri: 'http://192.0.2.1/jwks' }) }],
  ['publishes 5 MB', { metadata: () => ' '.repeat(5_000_000) }],
  ['publishes something else', { metadata: () => '<html>' }],
  ['takes too long', { slowMs: 6000 }],
] as const) {
  test(`a provider that ${what} starts no sign-in`, async () => {
    lies = { ...honestly, ...lie };
    await assert.rejects(tryToSignIn(), /503 .*identity-provider-unavailable/);
  });
}
