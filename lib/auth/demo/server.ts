/**
 * The demo identity provider: panva's certified oidc-provider on loopback, with the people of the demo company and
 * no passwords. It speaks the same protocol as a company's own provider, so the sign-in has one path only.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, type Context } from 'oidc-provider';
import { logger } from '../../log.ts';
import type { DemoAccount } from './accounts.ts';
import { choicePage, pageHeaders, sentencePage } from './page.ts';
import { createStore } from './store.ts';

const log = logger('demo-sign-in');
const bodyBytesMax = 4096;
const sessionCookie = 'attest-demo.session';

export interface DemoOptions {
  /** Own address on loopback; its port is listened on. */
  issuer: string;
  /** Where Attest is. */
  appUrl: string;
  client: { id: string; secret: string };
  accounts: readonly DemoAccount[];
  /** Overrides for tests that need a provider which misbehaves. */
  configuration?: Partial<Configuration>;
}

/** Starts it; resolves when it listens. Throws when the port is taken. */
export async function startDemoProvider(options: DemoOptions): Promise<{ close: () => Promise<void> }> {
  const provider = new Provider(options.issuer, { ...(await configuration(options)), ...options.configuration });
  provider.on('server_error', (_context, error) => log.error({ error }, 'the demo sign-in failed'));
  const answerProtocol = provider.callback();
  const server = createServer((request, response) => {
    forgetSession(request);
    const choosing = /^\/choose\/([\w-]+)$/.exec(request.url ?? '');
    const answered = choosing === null ? answerProtocol(request, response) : answerChoice(provider, options, { request, response });
    answered.catch((error: unknown) => fail(options, response, error));
  });
  const { hostname, port } = new URL(options.issuer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), hostname.replace(/^\[|\]$/g, ''), resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function configuration({ appUrl, client, accounts }: DemoOptions): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const appOrigin = new URL(appUrl).origin;
  return {
    adapter: createStore(),
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [`${appOrigin}/api/auth/callback/demo`], grant_types: ['authorization_code'], response_types: ['code'] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    // Named for ourselves: ports do not keep cookies apart.
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: sessionCookie, interaction: 'attest-demo.choice', resume: 'attest-demo.resume' },
      long: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true },
      short: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true },
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'role'] },
    // All claims in the ID token, as many providers do.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    findAccount: async (_context, id) => findAccount(accounts, id),
    interactions: { url: (_context, { uid }) => `/choose/${uid}` },
    // Nobody is asked to consent: the application and the provider are one product.
    loadExistingGrant: grantEverything,
    pkce: { required: () => true },
    renderError: async (context, { error }) => {
      for (const [name, value] of Object.entries(pageHeaders(appOrigin))) context.set(name, value);
      context.body = sentencePage('Demo sign-in', `This sign-in cannot go on (${error}). Go back to Attest and start again.`);
    },
    clientBasedCORS: () => false,
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 900, Session: 900, Grant: 900 },
  };
}

async function findAccount(accounts: readonly DemoAccount[], id: string) {
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) return undefined;
  const { name, email, role, groups } = account;
  return { accountId: id, claims: async () => ({ sub: id, name, email, email_verified: true, groups: [...groups], role }) };
}

async function grantEverything({ oidc }: Context) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

/** Nobody stays signed in here, so that a person at the demo can become another without signing out of anything first. */
function forgetSession(request: IncomingMessage): void {
  const kept = (request.headers.cookie ?? '').split(';').filter((pair) => !pair.trim().startsWith(sessionCookie));
  request.headers.cookie = kept.join(';');
}

async function answerChoice(provider: Provider, { accounts, appUrl }: DemoOptions, { request, response }: { request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, pageHeaders(new URL(appUrl).origin)).end(choicePage(uid, accounts));
    return;
  }
  const chosen = new URLSearchParams(await readText(request)).get('account') ?? '';
  if (!accounts.some(({ id }) => id === chosen)) throw new Error('nobody of that name');
  await provider.interactionFinished(request, response, { login: { accountId: chosen } });
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += String(part);
    if (text.length > bodyBytesMax) throw new Error('the form is too large');
  }
  return text;
}

function fail({ appUrl }: DemoOptions, response: ServerResponse, error: unknown): void {
  log.warn({ error: { message: error instanceof Error ? error.message : 'unknown' } }, 'a demo sign-in could not go on');
  if (response.headersSent) return void response.end();
  response.writeHead(400, pageHeaders(new URL(appUrl).origin));
  response.end(sentencePage('Demo sign-in', 'This sign-in has expired or was opened twice. Go back to Attest and start again.'));
}
