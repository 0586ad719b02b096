/** The route matrix against the running product: every route, called by nobody and by each role, in several spellings. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { isPermitted } from '#lib/access/permissions.ts';
import { roles, type Role } from '#lib/actor.ts';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { signIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { surroundings } from '#lib/env.ts';
import { matrix, type MatrixCell } from '#lib/http/matrix.ts';

const appUrl = surroundings()['ATTEST_TEST_URL'] ?? '';
const skip = appUrl === '' ? 'ATTEST_TEST_URL does not name a running product' : false;
const browsers = new Map<Role, TestBrowser>();

const cells = matrix.flatMap((row) => {
  const of: Readonly<Record<string, MatrixCell | undefined>> = { GET: row.GET, POST: row.POST, PUT: row.PUT, PATCH: row.PATCH, DELETE: row.DELETE };
  return Object.entries(of).flatMap(([method, cell]) => (cell === undefined || cell.permission === 'open' ? [] : [{ path: row.path, method, permission: cell.permission }]));
});

/** An address of the route with ids that belong to nothing, so that a call which is let through changes nothing. */
function addressOf(path: string): string {
  return path.replace(/:seq\b/g, '999999999').replace(/:\w+\*?/g, () => randomUUID());
}

function call(browser: TestBrowser, { method, address, headers = {} }: { method: string; address: string; headers?: Record<string, string> | undefined }): Promise<Response> {
  const writes = method === 'GET' ? {} : { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: new URL(appUrl).origin };
  return browser.send(`${appUrl}${address}`, { method, headers: { ...writes, ...headers }, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }) });
}

before(async () => {
  if (skip !== false) return;
  for (const role of roles) {
    const browser = testBrowser(appUrl);
    await signIn(browser, appUrl, { account: demoAccounts.find((account) => account.role === role)?.id ?? '' });
    browsers.set(role, browser);
  }
});

for (const { path, method, permission } of cells) {
  test(`${method} ${path} answers nobody who is not signed in`, { skip }, async () => {
    const response = await call(testBrowser(appUrl), { method, address: addressOf(path) });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /"code":"sign-in-required"/);
  });
  for (const role of roles) {
    const allowed = isPermitted(role, permission);
    test(`${method} ${path} ${allowed ? 'lets' : 'refuses'} ${role}`, { skip }, async () => {
      const browser = browsers.get(role);
      assert.ok(browser);
      const response = await call(browser, { method, address: addressOf(path) });
      const body = await response.text();
      if (allowed) assert.ok(response.status !== 401 && !body.includes('"code":"not-permitted"') && response.status !== 500, `${response.status} ${body.slice(0, 300)}`);
      else assert.match(`${response.status} ${body}`, /^403 .*"code":"not-permitted"/);
    });
  }
  if (method !== 'GET') {
    test(`${method} ${path} refuses a request from another site`, { skip }, async () => {
      const browser = browsers.get('admin');
      assert.ok(browser);
      const response = await call(browser, { method, address: addressOf(path), headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } });
      assert.match(`${response.status} ${await response.text()}`, /^403 .*"code":"cross-site-request"/);
    });
  }
}

const spellings: readonly ((address: string) => { address: string; headers?: Record<string, string> })[] = [
  (address) => ({ address: `${address}/` }),
  (address) => ({ address: address.replace('/api/', '/api//') }),
  (address) => ({ address: address.replace('/api/', '/%61pi/') }),
  (address) => ({ address: address.replace('/api/', '/api%2F') }),
  (address) => ({ address: address.toUpperCase() }),
  (address) => ({ address: `${address}.rsc` }),
  (address) => ({ address: `${address}?_rsc=1`, headers: { rsc: '1', 'next-router-prefetch': '1' } }),
  (address) => ({ address: `${address}.segments/_tree.segment.rsc`, headers: { rsc: '1', 'next-router-segment-prefetch': '/_tree' } }),
  (address) => ({ address, headers: { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' } }),
  (address) => ({ address, headers: { 'x-nextjs-data': '1', 'x-matched-path': address, 'x-invoke-path': address, 'x-forwarded-host': 'localhost' } }),
  (address) => ({ address: `/en${address}` }),
  (address) => ({ address: `/_next/data/development${address}.json` }),
];

for (const { path } of cells.filter((cell) => cell.method === 'GET')) {
  test(`GET ${path} gives nobody anything under other spellings`, { skip }, async () => {
    for (const spell of spellings) {
      const { address, headers } = spell(addressOf(path));
      const response = await call(testBrowser(appUrl), { method: 'GET', address, headers });
      const body = await response.text();
      assert.ok(response.status >= 300 && response.status !== 500, `${address}: ${response.status} ${body.slice(0, 200)}`);
    }
  });
}
