/**
 * A company's identity provider for tests: panva's certified oidc-provider, set up as the test says, behind a server on
 * the same address that can make it lie. It signs in whoever `account` names without asking. Everything is on loopback.
 */
import { randomBytes } from 'node:crypto';
import { createServer, request as openRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type GenerateKeyPairResult, type JWK, type JWTPayload } from 'jose';
import Provider, { type Configuration, type Context } from 'oidc-provider';
import { createStore } from './demo/store.ts';
import type { Reach, TestBrowser } from './testing.ts';

export type Claims = Record<string, unknown>;

/** What the provider does otherwise than it should. Each takes what is honest and gives what is sent. */
export interface Lies {
  metadata?: (honest: Claims) => unknown;
  keys?: (honest: Claims) => unknown;
  /** The whole answer of the token endpoint. */
  token?: (honest: Claims) => unknown;
  /** Claims of the ID token, which is then signed again with the provider's own key. */
  claims?: (honest: Claims) => Claims;
  /** The ID token from its (changed) claims. */
  sign?: (claims: Claims) => Promise<string> | string;
  userinfo?: (honest: Claims) => unknown;
  /** Paths that take this long, in milliseconds. */
  slow?: { path: RegExp; ms: number };
  /** Paths whose connection is closed without an answer. */
  dead?: RegExp;
  /** Paths that answer with this status and nothing of use. */
  broken?: { path: RegExp; status: number };
  /** Paths that redirect elsewhere. */
  moved?: { path: RegExp; to: string };
}

export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in next; null: they refuse to. */
  account: string | null;
  lies: Lies;
  privateKey: CryptoKey;
  publicJwk: JWK;
  /** Signs claims as the provider does. */
  sign: (claims: Claims, header?: Claims) => Promise<string>;
  /** Requests that it was sent, newest last: "POST /token". */
  asked: string[];
  stop: () => Promise<void>;
}

export interface TestProviderOptions {
  appUrl: string;
  /** Our id of it; decides the redirect address. */
  id: string;
  /** Path of the issuer, such as /realms/halden. */
  path?: string;
  claimsOf?: (account: string) => Claims;
  scopes?: string[];
  /** It knows us without a secret. */
  isPublic?: boolean;
  configuration?: Partial<Configuration>;
  /** For tests that start many; else new ones. */
  keys?: GenerateKeyPairResult;
}

const kid = 'one';

/** Starts it on a free port. */
export async function startTestProvider(options: TestProviderOptions): Promise<TestProvider> {
  const keys = options.keys ?? (await generateKeyPair('RS256', { extractable: true }));
  const publicJwk: JWK = { ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256', use: 'sig' };
  const front = createServer();
  const back = createServer();
  const issuer = `http://127.0.0.1:${await listen(front)}${options.path ?? ''}`;
  const backPort = await listen(back);
  const { privateKey } = keys;
  const sign: TestProvider['sign'] = (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...header }).sign(privateKey);
  const test: TestProvider = {
    issuer, clientId: 'attest', clientSecret: randomBytes(24).toString('base64url'), account: 'somebody', lies: {}, privateKey, publicJwk, sign, asked: [],
    stop: async () => void (await Promise.all([close(front), close(back)])),
  };
  const provider = new Provider(issuer, configurationOf(options, test, { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }));
  const answer = provider.callback();
  back.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (options.path !== undefined && request.url?.startsWith(options.path)) {
      // As behind a router that mounts the provider: it writes its addresses with the path it was mounted at.
      Object.assign(request, { originalUrl: request.url });
      request.url = request.url.slice(options.path.length) || '/';
    }
    const choosing = /^\/interaction\//.test(request.url ?? '');
    const chosen = test.account === null ? { error: 'access_denied' } : { login: { accountId: test.account } };
    const answered = choosing ? provider.interactionFinished(request, response, chosen) : answer(request, response);
    answered.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  front.on('request', (request: IncomingMessage, response: ServerResponse) => void pass(test, backPort, { request, response }).catch(() => response.destroy()));
  return test;
}

function configurationOf({ appUrl, id, path, claimsOf, scopes, isPublic, configuration }: TestProviderOptions, test: TestProvider, jwk: JWK): Configuration {
  const honest = (account: string): Claims => ({ email: `${account}@halden.example`, email_verified: true, name: account, groups: ['Sales'] });
  const signing = { alg: 'RS256', use: 'sig', ...jwk };
  return {
    adapter: createStore(),
    clients: [
      {
        client_id: test.clientId, ...(isPublic === true ? { token_endpoint_auth_method: 'none' } : { client_secret: test.clientSecret }), redirect_uris: [`${appUrl}/api/auth/callback/${id}`], grant_types: ['authorization_code'], response_types: ['code'],
        post_logout_redirect_uris: [`${appUrl}/sign-in`], backchannel_logout_uri: `${appUrl}/api/auth/backchannel/${id}`, backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [signing] },
    cookies: { keys: [randomBytes(32).toString('hex')], names: { session: `provider-${id}.session`, interaction: `provider-${id}.choice`, resume: `provider-${id}.resume` }, long: { signed: true }, short: { signed: true } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups', 'roles', 'realm_access', 'oid', 'tid', 'hd', '_claim_names', '_claim_sources'], ...Object.fromEntries((scopes ?? []).map((scope) => [scope, ['groups']])) },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // Its own page asks another host for a font.
        postLogoutSuccessSource: async (context: Context) => void (context.body = '<!doctype html><html lang="en"><title>Signed out</title><body>Signed out.'),
        logoutSource: async (context: Context, form: string) => {
          context.body = `<!doctype html><html lang="en"><title>Sign out</title><body>${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button></body></html>`;
        },
      },
    },
    findAccount: async (_context, account) => ({ accountId: account, claims: async () => ({ ...(claimsOf ?? honest)(account), sub: account }) }),
    interactions: { url: (_context, { uid }) => `${path ?? ''}/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(['openid email profile', ...(scopes ?? [])].join(' '));
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    renderError: async (context, { error }) => void (context.body = error),
    clientBasedCORS: () => false,
    // Its own refuses addresses on this machine, where we are.
    fetch: (address, { method, headers, body }) => fetch(address, { method, headers, body, redirect: 'manual' } as RequestInit),
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 900, Session: 900, Grant: 900 },
    ...configuration,
  };
}

async function pass(test: TestProvider, backPort: number, { request, response }: { request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const { lies } = test;
  const path = new URL(request.url ?? '/', test.issuer).pathname;
  test.asked.push(`${request.method ?? ''} ${path}`);
  if (lies.dead?.test(path)) return void request.socket.destroy();
  if (lies.slow?.path.test(path)) await sleep(lies.slow.ms);
  if (lies.moved?.path.test(path)) return void response.writeHead(302, { location: lies.moved.to }).end();
  if (lies.broken?.path.test(path)) return void response.writeHead(lies.broken.status, { 'content-type': 'text/html' }).end('<h1>broken</h1>');
  const honest = await forward(backPort, request);
  const body = await tamper(test, path, honest);
  const headers = { ...honest.headers };
  delete headers['content-length'];
  delete headers['transfer-encoding'];
  response.writeHead(honest.status, headers).end(body);
}

interface Answered {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

async function forward(port: number, request: IncomingMessage): Promise<Answered> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new Promise((resolve, reject) => {
    const sent = openRequest({ host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      const got: Buffer[] = [];
      answer.on('data', (part: Buffer) => got.push(part)).on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(got) }));
    });
    sent.on('error', reject).end(Buffer.concat(parts));
  });
}

/** What is sent in place of an honest answer. */
async function tamper({ lies, sign }: TestProvider, path: string, { status, body }: Answered): Promise<string | Buffer> {
  if (status !== 200) return body;
  const write = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const read = (): Claims => JSON.parse(body.toString()) as Claims;
  if (path.endsWith('/.well-known/openid-configuration') && lies.metadata !== undefined) return write(lies.metadata(read()));
  if (path.endsWith('/jwks') && lies.keys !== undefined) return write(lies.keys(read()));
  if (path.endsWith('/me') && lies.userinfo !== undefined) return write(lies.userinfo(read()));
  if (!path.endsWith('/token') || (lies.token ?? lies.claims ?? lies.sign) === undefined) return body;
  const honest = read();
  const claims: JWTPayload = decodeJwt(String(honest['id_token']));
  const changed = (lies.claims ?? ((one) => one))({ ...claims });
  const answer = { ...honest, id_token: await (lies.sign ?? sign)(changed) };
  return write((lies.token ?? ((one) => one))(answer));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Walks through the provider as a browser does. Returns the address of ours that it then sends the browser to. */
export async function passProvider(browser: TestBrowser, providerAddress: string): Promise<string> {
  let address = providerAddress;
  for (let hop = 0; hop < 10; hop += 1) {
    const response = await browser.send(address);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`Stuck at ${address}: ${response.status} ${await response.text()}`);
    address = new URL(location, address).href;
    if (address.includes('/api/auth/callback/')) return address;
  }
  throw new Error('Too many redirects.');
}

/** Serves handlers at `appUrl`, for what a provider sends us by itself. */
export async function serveApp(appUrl: string, app: Reach): Promise<{ stop: () => Promise<void> }> {
  const server = createServer((request, response) => void answerWith(app, appUrl, { request, response }));
  await new Promise<void>((resolve) => server.listen(Number(new URL(appUrl).port), '127.0.0.1', resolve));
  return { stop: () => close(server) };
}

async function answerWith(app: Reach, appUrl: string, { request, response }: { request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = new Headers(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : [])));
  const method = request.method ?? 'GET';
  const answered = await app(new Request(new URL(request.url ?? '/', appUrl), { method, headers, ...(method === 'GET' ? {} : { body: Buffer.concat(parts) }) }));
  response.writeHead(answered.status, [...answered.headers].flat()).end(Buffer.from(await answered.arrayBuffer()));
}
