/** Every route file on disk has a row in lib/http/matrix.ts that says the same about it, and every row has a file. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { permissions } from '#lib/access/permissions.ts';
import { keyScopes } from '#lib/actor.ts';
import { auditEvents } from '#lib/audit/types.ts';
import { matrix, type MatrixCell } from '#lib/http/matrix.ts';
import { methodsAt } from '#lib/http/methods.ts';

/** All of app: routes for programs stand beside those of our own pages. */
const folder = path.join(import.meta.dirname, '..');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const files = fs.globSync('**/route.{ts,tsx,js}', { cwd: folder }).sort();

function pathOf(file: string): string {
  const segments = path.dirname(file).split(path.sep).filter((segment) => !/^\(.*\)$/.test(segment));
  return ['', ...segments.map((segment) => segment.replace(/^\[\[?\.\.\.(.+?)\]\]?$/, ':$1*').replace(/^\[(.+)\]$/, ':$1'))].join('/');
}

test('route files are found', () => {
  assert.ok(files.length >= 15, `only ${files.length} route files below ${folder}`);
});

for (const file of files) {
  test(`${pathOf(file)} does what its row says`, async () => {
    const row = matrix.find((one) => one.path === pathOf(file));
    assert.ok(row, `lib/http/matrix.ts has no row for ${pathOf(file)} (${file})`);
    const handlers: Record<string, { permission?: string; scopes?: readonly string[]; recentSignIn?: true } | undefined> = await import(path.join(folder, file));
    const cells: Readonly<Record<string, MatrixCell | undefined>> = { GET: row.GET, POST: row.POST, PUT: row.PUT, PATCH: row.PATCH, DELETE: row.DELETE };
    for (const method of methods) {
      assert.equal(handlers[method] === undefined ? undefined : (handlers[method].permission ?? 'not made by route() or open()'), cells[method]?.permission, `${method} ${row.path}`);
      assert.deepEqual(handlers[method]?.scopes, cells[method]?.scopes, `${method} ${row.path} takes other API keys than its row says`);
      assert.equal(handlers[method]?.recentSignIn, cells[method]?.recentSignIn, `${method} ${row.path} asks for another sign-in than its row says`);
    }
  });
}

for (const file of files.filter((name) => !name.includes('[[...rest]]'))) {
  test(`${pathOf(file)} refuses every other method in words`, async () => {
    const handlers: Record<string, unknown> = await import(path.join(folder, file));
    const taken = methods.filter((method) => handlers[method] !== undefined || method === 'OPTIONS' || (method === 'HEAD' && handlers['GET'] !== undefined));
    assert.deepEqual([...(methodsAt(pathOf(file).replace(/:(\w+)\*?/g, 'some-$1')) ?? [])].sort(), taken.sort());
  });
}

test('every row has a route file', () => {
  const paths = files.map(pathOf);
  assert.deepEqual(matrix.filter((row) => !paths.includes(row.path)).map((row) => row.path), []);
  assert.equal(new Set(matrix.map((row) => row.path)).size, matrix.length, 'a path has two rows');
});

test('every cell names a permission and events that exist', () => {
  for (const { path: address, ...cells } of matrix) {
    for (const cell of Object.values(cells)) {
      assert.ok(cell.permission === 'open' || cell.permission === 'scim' || cell.permission in permissions, address);
      const events = 'none' in cell.records ? [] : cell.records;
      assert.ok(events.every((event) => event in auditEvents), `${address}: ${events.join(', ')}`);
      if ('none' in cell.records) assert.notEqual(cell.records.none, '', address);
    }
  }
});

test('only signing in, what providers send, the health check and what does not exist are open', () => {
  const open = matrix.filter((row) => [row.GET, row.POST, row.PUT, row.PATCH, row.DELETE].some((cell) => cell?.permission === 'open'));
  assert.deepEqual(open.map((row) => row.path), [
    '/api/auth/:nextauth*', '/api/auth/saml/:provider/acs', '/api/auth/saml/:provider/finish', '/api/auth/saml/:provider/metadata', '/api/auth/backchannel/:provider',
    '/api/health', '/v1/:rest*', '/api/:rest*',
  ]);
});

test('a directory opens what lies below /api/scim/ and nothing else, and nothing else opens that', () => {
  for (const { path: address, ...cells } of matrix) {
    for (const cell of Object.values(cells)) assert.equal(cell.permission === 'scim', address.startsWith('/api/scim/'), address);
  }
});

test('API keys open nothing but asking and searching, and never what is open to all', () => {
  const taken = matrix.flatMap(({ path: address, ...cells }) => Object.entries(cells).flatMap(([method, cell]) => (cell.scopes === undefined ? [] : [{ address, method, cell }])));
  assert.deepEqual(taken.map(({ method, address }) => `${method} ${address}`), ['GET /v1/models', 'GET /v1/models/:id', 'POST /v1/chat/completions', 'POST /mcp']);
  for (const { cell } of taken) {
    assert.equal(cell.permission, 'answer:ask');
    assert.ok(cell.scopes !== undefined && cell.scopes.length > 0 && cell.scopes.every((scope) => keyScopes.includes(scope)));
  }
});

test('no other file answers requests beside the routes', () => {
  assert.deepEqual(fs.globSync(['pages/**', 'src/**'], { cwd: path.join(folder, '..') }), []);
});
