/**
 * `npm run test:authz:matrix`: every route of the matrix against the running product, called by every kind of caller, in
 * a dozen spellings, and once more on a web process from whose build proxy.ts was taken out: nothing may rest on it. As
 * that makes two web processes, it is also held here that a session which ends at the provider ends in both.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken } from '#lib/auth/session.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, startTestProvider, type TestProvider } from '#lib/auth/testing-provider.ts';
import { matrix } from '#lib/http/matrix.ts';
import { startWithoutProxy, type WithoutProxy } from './testing-without-proxy.ts';
import { addressOf, cellsOf, isLetIn, makeCallers, send, type Caller } from './testing-callers.ts';
import { appUrl, call, ownerDatabase, signedIn, skip } from './testing.ts';

const callerNames = [
  'nobody', 'somebody whose session has ended', 'somebody who is disabled', 'an employee', 'an employee of no group', 'an editor', 'an admin', 'compliance',
  'a program with an API key', 'a directory',
] as const;
const cells = cellsOf(matrix);
const guarded = cells.filter(({ cell }) => cell.permission !== 'open');

let callers: readonly Caller[] = [];
let withoutProxy: WithoutProxy | undefined;

before(async () => {
  if (skip !== false) return;
  callers = await makeCallers();
  assert.deepEqual(callers.map((one) => one.name), callerNames);
  withoutProxy = await startWithoutProxy();
});
after(() => withoutProxy?.stop());

function callerNamed(name: string): Caller {
  return callers.find((one) => one.name === name) ?? assert.fail(`nobody is ${name}`);
}

/** 401 for whoever cannot be told who they are here, 403 for members whose role does not allow it. */
function refusalOf({ kind }: Caller, { permission, scopes }: (typeof guarded)[number]['cell']): number {
  if (permission === 'scim' || scopes !== undefined) return 401;
  return kind === 'nobody' || kind === 'key' || kind === 'directory' ? 401 : 403;
}

test('there are routes to hold', () => assert.ok(guarded.length >= 60, `${guarded.length} cells`));

for (const { path, method, cell } of guarded) {
  for (const name of callerNames) {
    test(`${method} ${path}: ${name}`, { skip }, async () => {
      const caller = callerNamed(name);
      const response = await send(caller, { method, address: addressOf(path) });
      const body = await response.text();
      const told = `${response.status} ${body.slice(0, 300)}`;
      if (isLetIn(caller, cell)) assert.ok(![401, 500].includes(response.status) && !/"code":"(?:not-permitted|key-refused|scope-missing)"/.test(body), told);
      else assert.equal(response.status, refusalOf(caller, cell), told);
    });
  }
  test(`${method} ${path} says the same without the proxy`, { skip }, async () => {
    for (const name of ['nobody', 'an employee', 'compliance', 'a program with an API key'] as const) {
      const caller = callerNamed(name);
      if (isLetIn(caller, cell)) continue;
      const response = await send(caller, { method, address: addressOf(path), origin: withoutProxy?.origin ?? '' });
      assert.equal(response.status, refusalOf(caller, cell), `${name}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    }
  });
}

for (const { path, method } of guarded.filter(({ method, cell }) => method !== 'GET' && cell.permission !== 'scim' && cell.scopes === undefined)) {
  test(`${method} ${path} refuses a request from another site`, { skip }, async () => {
    const response = await send(callerNamed('an admin'), { method, address: addressOf(path), headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } });
    assert.match(`${response.status} ${await response.text()}`, /^403 .*"code":"cross-site-request"/);
  });
}

const spellings: readonly ((address: string) => { address: string; headers?: Record<string, string> })[] = [
  (address) => ({ address: `${address}/` }),
  (address) => ({ address: `/${address}` }),
  (address) => ({ address: `/%${address.charCodeAt(1).toString(16)}${address.slice(2)}` }),
  (address) => ({ address: address.replace(/(?<=.)\//, '%2F') }),
  (address) => ({ address: address.toUpperCase() }),
  (address) => ({ address: `/.${address}` }),
  (address) => ({ address: `${address}.rsc` }),
  (address) => ({ address: `${address}?_rsc=1`, headers: { rsc: '1', 'next-router-prefetch': '1' } }),
  (address) => ({ address: `${address}.segments/_tree.segment.rsc`, headers: { rsc: '1', 'next-router-segment-prefetch': '/_tree' } }),
  (address) => ({ address, headers: { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy', 'x-middleware-next': '1' } }),
  (address) => ({ address, headers: { 'x-nextjs-data': '1', 'x-matched-path': address, 'x-invoke-path': address, 'x-forwarded-host': 'localhost', 'x-original-url': '/api/health' } }),
  (address) => ({ address: `/en${address}` }),
  (address) => ({ address: `/_next/data/development${address}.json` }),
];

for (const { path, method, cell } of guarded) {
  test(`${method} ${path} opens to nobody under another spelling`, { skip }, async () => {
    for (const name of ['nobody', 'an employee'] as const) {
      const caller = callerNamed(name);
      if (isLetIn(caller, cell)) continue;
      for (const origin of [appUrl, withoutProxy?.origin ?? '']) {
        await Promise.all(spellings.map(async (spell) => {
          const { address, headers } = spell(addressOf(path));
          const response = await send(caller, { method, address, headers, origin });
          assert.ok(response.status >= 300 && response.status !== 500, `${name}, ${address}: ${response.status} ${(await response.text()).slice(0, 200)}`);
        }));
      }
    }
  });
}

/** Pages and who may see them; everything else about a page is decided row by row. */
const pages: readonly (readonly [address: string, kinds: readonly Caller['kind'][]])[] = [
  ['/ask', ['employee', 'admin', 'compliance']],
  ['/library', ['employee', 'admin', 'compliance']],
  ['/sessions', ['employee', 'admin', 'compliance']],
  ['/admin/members', ['admin']],
  ['/admin/models', ['admin']],
  ['/compliance/records', ['compliance']],
];

/** How a browser asks for a page, and how Next's router asks for its data. */
const manners: readonly Record<string, string>[] = [{}, { rsc: '1' }, { rsc: '1', 'next-router-prefetch': '1' }];

async function assertPage(caller: Caller, { address, kinds, origin }: { address: string; kinds: readonly Caller['kind'][]; origin: string }, headers: Record<string, string>): Promise<void> {
  const response = await send(caller, { method: 'GET', address, headers, origin });
  const body = await response.text();
  const what = `${caller.name} at ${origin}: ${response.status}`;
  // Next sends a request for data on to its own spelling of the address.
  if (kinds.includes(caller.kind)) assert.ok(response.status < 400 && !/sign-in/.test(response.headers.get('location') ?? ''), what);
  else if (caller.kind === 'nobody' || caller.kind === 'key' || caller.kind === 'directory') assert.ok(response.status >= 300 || /\/sign-in/.test(body), what);
  else assert.ok(response.status >= 300 || /forbidden|403/i.test(body), what);
}

for (const [address, kinds] of pages) {
  test(`the page ${address} opens to whom it is for alone, also without the proxy and as data for the router`, { skip }, async () => {
    for (const caller of callers) {
      for (const origin of [appUrl, withoutProxy?.origin ?? '']) {
        await Promise.all(manners.map((headers) => assertPage(caller, { address, kinds, origin }, headers)));
      }
    }
  });
}

test('the second web process has no proxy indeed', { skip }, async () => {
  const policies = await Promise.all([appUrl, withoutProxy?.origin ?? ''].map(async (origin) => (await fetch(`${origin}/sign-in`)).headers.get('content-security-policy')));
  assert.deepEqual(policies.map((policy) => policy !== null), [true, false]);
});

/** Somebody signed in by the provider, and what the provider calls that session. */
async function enter(provider: TestProvider, account: string): Promise<{ browser: TestBrowser; sub: string; sid: string }> {
  provider.account = account;
  const browser = testBrowser(appUrl);
  await browser.send(await passProvider(browser, await startSignIn(browser, appUrl, { provider: 'leaving' })));
  const token_sha256 = hashToken(browser.cookies.get(sessionCookieName()) ?? '');
  const { provider_session: sid } = await ownerDatabase().selectFrom('sessions').select('provider_session').where('token_sha256', '=', token_sha256).executeTakeFirstOrThrow();
  return { browser, sub: account, sid: sid ?? assert.fail('the provider named no session') };
}

/** What both web processes say to whoever holds that session. */
async function statusInBoth({ browser }: { browser: TestBrowser }): Promise<number[]> {
  return Promise.all([appUrl, withoutProxy?.origin ?? ''].map(async (origin) => (await browser.send(`${origin}/api/profile`)).status));
}

async function announceLogout(origin: string, provider: TestProvider, about: Record<string, string>): Promise<void> {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: provider.issuer, aud: provider.clientId, iat: seconds, exp: seconds + 120, jti: randomUUID(), events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...about };
  const body = new URLSearchParams({ logout_token: await provider.sign(claims, { typ: 'logout+jwt' }) });
  const response = await fetch(`${origin}/api/auth/backchannel/leaving`, { method: 'POST', body });
  assert.equal(response.status, 200, await response.text());
}

test('what the provider ends, by session or by person and in whichever process it says so, has ended in both within a second', { skip }, async () => {
  const provider = await startTestProvider({ appUrl, id: 'leaving', isPublic: true });
  const json = { id: 'leaving', kind: 'oidc', name: 'Leaving', settings: { issuer: provider.issuer, clientId: provider.clientId } };
  assert.equal((await call(signedIn('admin'), 'POST /api/providers', { json })).status, 201);
  const leaver = randomUUID();
  const [first, second, third] = [await enter(provider, leaver), await enter(provider, leaver), await enter(provider, leaver)];
  const bystander = await enter(provider, randomUUID());
  const all = [first, second, third, bystander];
  assert.deepEqual(await Promise.all(all.map(statusInBoth)), all.map(() => [200, 200]));
  const refused: number[] = [];
  for (const [origin, about, gone] of [[appUrl, { sid: first.sid }, [first]], [withoutProxy?.origin ?? '', { sub: leaver }, [second, third]]] as const) {
    await announceLogout(origin, provider, about);
    const announced = performance.now();
    for (const one of gone) assert.deepEqual(await statusInBoth(one), [401, 401]);
    refused.push(performance.now() - announced);
    assert.deepEqual(await statusInBoth(bystander), [200, 200]);
    if (gone.length === 1) assert.deepEqual(await statusInBoth(second), [200, 200], 'another session of theirs goes on');
  }
  assert.ok(Math.max(...refused) <= 1000, `refused in both after ${refused.map(Math.round).join(' and ')} ms`);
  await call(signedIn('admin'), 'DELETE /api/providers/leaving');
  await provider.stop();
});
