/**
 * A browser without a screen, for tests: keeps cookies by host, follows redirects one at a time, and walks through the
 * sign-in as a person would. `reach` says how a request gets to its server: over the network, or into a handler.
 */
import { readCookies } from './cookies.ts';

export type Reach = (request: Request) => Promise<Response>;

export interface TestBrowser {
  readonly cookies: Map<string, string>;
  /** One request with the cookies held; redirects are returned, not followed. */
  send: (address: string, init?: RequestInit) => Promise<Response>;
}

/** Sends requests to `appUrl` with `app` and all others over the network. Cookies of all ports share one jar, as on a real host. */
export function testBrowser(appUrl: string, app: Reach = overNetwork): TestBrowser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async send(address, init = {}) {
      const url = new URL(address, appUrl);
      const headers = new Headers(init.headers);
      if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      const request = new Request(url, { ...init, headers, redirect: 'manual' });
      const response = await (url.origin === new URL(appUrl).origin ? app : overNetwork)(request);
      for (const line of response.headers.getSetCookie()) keep(cookies, line);
      return response;
    },
  };
}

/** fetch, for a request whose body may be read again. */
export async function overNetwork(request: Request): Promise<Response> {
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.arrayBuffer();
  return fetch(request.url, { method: request.method, headers: request.headers, body, redirect: 'manual' });
}

/** What our sign-in page does when its button is pressed. Returns the provider's address. */
export async function startSignIn(browser: TestBrowser, appUrl: string, { provider = 'demo', callbackUrl = '/' } = {}): Promise<string> {
  const response = await browser.send(`${appUrl}/api/auth/signin/${provider}`, {
    method: 'POST',
    headers: { origin: new URL(appUrl).origin, 'content-type': 'application/json' },
    body: JSON.stringify({ callbackUrl }),
  });
  if (response.status !== 200) throw new Error(`The sign-in did not start: ${response.status} ${await response.text()}`);
  const body: unknown = await response.json();
  return (body as { url: string }).url;
}

/** Chooses a person at the demo provider. Returns the address that the provider then sends the browser to: our callback. */
export async function choosePerson(browser: TestBrowser, providerAddress: string, account: string): Promise<string> {
  const page = await follow(browser, { response: await browser.send(providerAddress), address: providerAddress }, (response) => response.status === 200);
  const form = await browser.send(page, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `account=${account}` });
  return follow(browser, { response: form, address: page }, (_response, next) => next.includes('/api/auth/callback/'));
}

/** The whole sign-in as `account`; returns where Attest sends the browser at the end. */
export async function signIn(browser: TestBrowser, appUrl: string, { account, callbackUrl = '/' }: { account: string; callbackUrl?: string }): Promise<string> {
  const callback = await choosePerson(browser, await startSignIn(browser, appUrl, { callbackUrl }), account);
  return (await browser.send(callback)).headers.get('location') ?? '';
}

async function follow(browser: TestBrowser, from: { response: Response; address: string }, until: (response: Response, next: string) => boolean): Promise<string> {
  let { response, address } = from;
  for (let hop = 0; hop < 10; hop += 1) {
    const location = response.headers.get('location');
    if (location !== null) address = new URL(location, address).href;
    if (until(response, address)) return address;
    if (location === null) throw new Error(`Stuck at ${address}: ${response.status} ${await response.text()}`);
    response = await browser.send(address);
  }
  throw new Error('Too many redirects.');
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';');
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  const expires = /;\s*expires=([^;]+)/i.exec(line)?.[1];
  const gone = /;\s*max-age=0\b/i.test(line) || (expires !== undefined && Date.parse(expires) <= Date.now());
  if (gone || value === '') cookies.delete(name);
  else cookies.set(name, readCookies(`${name}=${value}`).get(name) === value ? value : encodeURIComponent(readCookies(`${name}=${value}`).get(name) ?? ''));
}
