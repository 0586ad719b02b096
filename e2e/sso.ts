/**
 * What the tests of signing in share: two companies whose identity providers are real ones on this machine, a third that
 * speaks SAML, added once by an admin, and people signed in with them without going through the pages where a test is
 * not about that.
 */
import { createServer } from 'node:http';
import { generateKeyPair } from 'jose';
import type { Kysely } from 'kysely';
import { test as plain, type Browser, type BrowserContext, type Page } from 'playwright/test';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken } from '#lib/auth/session.ts';
import { signIn, startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, startTestProvider, type Claims, type TestProvider, type TestProviderOptions } from '#lib/auth/testing-provider.ts';
import { encodeResponse, honestResponse, readRequest, samlTestProvider, type Saying } from '#lib/auth/testing-saml.ts';
import { openDatabase } from '#lib/db/pool.ts';
import type { DB } from '#lib/db/types.generated.ts';
import { overrideEnv, surroundings } from '#lib/env.ts';

export const appUrl = surroundings()['ATTEST_TEST_URL'] ?? '';

export interface SamlSite {
  /** Who signs in next, and what else is said. */
  says: Partial<Saying>;
  /** Address of its page that sends the last answer once more, and of one that sends an answer to no question. */
  replay: string;
  unasked: string;
  stop: () => Promise<void>;
}

export interface Companies {
  one: TestProvider;
  two: TestProvider;
  papers: SamlSite;
  /** What the first two say of an account besides what they always say. */
  claims: Map<string, Claims>;
  /** One request as an admin. */
  admin: (methodAndPath: string, json?: unknown) => Promise<Response>;
  /** The product's database as its owner. */
  database: Kysely<DB>;
  /** One more provider on this machine, known to the product under that id until the tests of signing in are over. */
  add: (id: string, options?: Partial<TestProviderOptions>) => Promise<TestProvider>;
}

/** Windows of the test that runs. */
const windows: BrowserContext[] = [];

export const test = plain.extend<{ closesWindows: void }, { companies: Companies }>({
  closesWindows: [async ({ companies }, use) => {
    await use();
    Object.assign(companies.one, { lies: {} });
    Object.assign(companies.two, { lies: {} });
    companies.papers.says = {};
    await Promise.all(windows.splice(0).map((context) => context.close()));
  }, { auto: true }],
  // Playwright reads from the first parameter which fixtures are needed.
  companies: [async ({}, use) => {
    const made = await makeCompanies();
    await use(made);
    await made.stop();
  }, { scope: 'worker' }],
});

async function makeCompanies(): Promise<Companies & { stop: () => Promise<void> }> {
  overrideEnv({ ATTEST_URL: appUrl });
  const browser = testBrowser(appUrl);
  await signIn(browser, appUrl, { account: demoAccounts.find(({ role }) => role === 'admin')?.id ?? '' });
  const admin: Companies['admin'] = (methodAndPath, json) => call(browser, methodAndPath, json);
  const [database, keys] = [openDatabase(surroundings()['ATTEST_TEST_DATABASE_URL'] ?? '', 1), await generateKeyPair('RS256', { extractable: true })];
  const claims = new Map<string, Claims>();
  const claimsOf = (account: string): Claims => ({ email: `${account}@sso.example`, email_verified: true, name: account, ...claims.get(account) });
  const running: { id: string; stop: () => Promise<void> }[] = [];
  const add: Companies['add'] = async (id, options = {}) => {
    const provider = await startTestProvider({ appUrl, id, keys, claimsOf, ...options });
    await addProvider(admin, { id, kind: 'oidc', name: nameOf(id), secret: provider.clientSecret, settings: { issuer: provider.issuer, clientId: provider.clientId } });
    running.push({ id, stop: provider.stop });
    return provider;
  };
  const [one, two] = [await add('sso-one'), await add('sso-two')];
  const papers = await startSamlSite(admin, 'sso-papers');
  running.push({ id: 'sso-papers', stop: papers.stop });
  return {
    one, two, papers, claims, admin, database, add,
    async stop() {
      for (const { id, stop } of running) {
        await admin(`DELETE /api/providers/${id}`);
        await stop();
      }
      await database.destroy();
    },
  };
}

/** "sso-one" is called "Company one". */
export const nameOf = (id: string): string => `Company ${id.replace('sso-', '')}`;

/** A test that failed ends this process without removing its providers; the next one begins anew. */
async function addProvider(admin: Companies['admin'], provider: { id: string; [setting: string]: unknown }): Promise<void> {
  await admin(`DELETE /api/providers/${provider.id}`);
  const response = await admin('POST /api/providers', provider);
  if (response.status !== 201) throw new Error(`The provider was not added: ${response.status} ${await response.text()}`);
}

export async function call(browser: TestBrowser, methodAndPath: string, json?: unknown): Promise<Response> {
  const [method = '', address = ''] = methodAndPath.split(/ (.*)/s);
  const writes = method === 'GET' ? {} : { origin: new URL(appUrl).origin, 'sec-fetch-site': 'same-origin' };
  return browser.send(`${appUrl}${address}`, { method, headers: { ...writes, ...(json === undefined ? {} : { 'content-type': 'application/json' }) }, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
}

/** On localhost, which is another site than 127.0.0.1: the browser sends none of our cookies with its form. */
async function startSamlSite(admin: Companies['admin'], id: string): Promise<SamlSite> {
  const idp = samlTestProvider();
  const acs = `${appUrl}/api/auth/saml/${id}/acs`;
  let last = '';
  const site: SamlSite = { says: {}, replay: '', unasked: '', stop: async () => void server.close() };
  const server = createServer((request, response) => {
    const { pathname, href } = new URL(request.url ?? '/', 'http://localhost');
    if (!['/sso', '/replay', '/unasked'].includes(pathname)) return void response.writeHead(404).end();
    const { nameId = 'somebody' } = site.says;
    const requestId = pathname === '/sso' ? readRequest(href).id : undefined;
    if (pathname !== '/replay') last = encodeResponse(honestResponse(idp, { requestId, acs, audience: appUrl, nameId, attributes: { email: `${nameId}@sso.example`, name: nameId }, ...site.says }));
    const form = `<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${last}"></form><script>document.forms[0].submit()</script>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html lang="en"><title>Papers</title><body>${form}`);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const origin = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  await addProvider(admin, { id, kind: 'saml', name: nameOf(id), settings: { issuer: idp.issuer, entryPoint: `${origin}/sso`, certificate: idp.certificate } });
  return Object.assign(site, { replay: `${origin}/replay`, unasked: `${origin}/unasked` });
}

/** A window of its own, closed after the test. */
export async function openWindow(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: appUrl, ...options });
  windows.push(context);
  return context.newPage();
}

export interface Person {
  context: BrowserContext;
  page: Page;
  /** The session as the database knows it. */
  token: Buffer;
}

/** A window in which that account is signed in with a provider, here and there. */
export async function signedIn(browser: Browser, provider: TestProvider, { id, account }: { id: string; account: string }): Promise<Person> {
  const walking = testBrowser(appUrl);
  provider.account = account;
  await walking.send(await passProvider(walking, await startSignIn(walking, appUrl, { provider: id })));
  const page = await openWindow(browser);
  await page.context().addCookies([...walking.cookies].map(([name, value]) => ({ name, value, url: appUrl, httpOnly: true, sameSite: 'Lax' as const })));
  return { context: page.context(), page, token: hashToken(walking.cookies.get(sessionCookieName()) ?? '') };
}

/** Presses the button of a provider on the sign-in page. */
export async function press(page: Page, id: string): Promise<void> {
  await page.getByRole('button', { name: `Continue with ${nameOf(id)}` }).click();
}

/** Presses the button and stays: the address at the provider that the browser would have gone to. */
export async function pressAndStay(page: Page, id: string, provider: TestProvider): Promise<string> {
  await page.route(`${provider.issuer}/auth?*`, (route) => route.abort());
  const left = page.waitForEvent('requestfailed', (request) => request.url().startsWith(`${provider.issuer}/auth?`));
  await press(page, id);
  const address = (await left).url();
  await page.unroute(`${provider.issuer}/auth?*`);
  return address;
}

/** A name that nobody had before. */
export const somebody = (what: string): string => `${what}-${Math.random().toString(36).slice(2, 8)}`;

/** The menu of whoever is signed in. */
export const person = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) }).first();

/** On that page and not on the way to it: the sign-in page's own address may end in the same words. */
export const arrives = (page: Page, path: string) => page.waitForURL((address) => `${address.pathname}${address.search}` === path);
