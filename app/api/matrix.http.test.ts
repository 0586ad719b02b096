/**
 * `npm run test:authz:matrix`: every route of the matrix against the running product, called by every kind of caller, in
 * a dozen spellings, and once more on a web process from whose build proxy.ts was taken out: nothing may rest on it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { matrix } from '#lib/http/matrix.ts';
import { startWithoutProxy, type WithoutProxy } from './testing-without-proxy.ts';
import { addressOf, cellsOf, isLetIn, makeCallers, send, type Caller } from './testing-callers.ts';
import { appUrl, skip } from './testing.ts';

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
        for (const spell of spellings) {
          const { address, headers } = spell(addressOf(path));
          const response = await send(caller, { method, address, headers, origin });
          assert.ok(response.status >= 300 && response.status !== 500, `${name}, ${address}: ${response.status} ${(await response.text()).slice(0, 200)}`);
        }
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
        for (const headers of manners) await assertPage(caller, { address, kinds, origin }, headers);
      }
    }
  });
}

test('the second web process has no proxy indeed', { skip }, async () => {
  const policies = await Promise.all([appUrl, withoutProxy?.origin ?? ''].map(async (origin) => (await fetch(`${origin}/sign-in`)).headers.get('content-security-policy')));
  assert.deepEqual(policies.map((policy) => policy !== null), [true, false]);
});
