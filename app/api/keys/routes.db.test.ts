/** An API key at every route that there is, found through the matrix: it opens those that name a scope, and no other, in no way. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { keyScopes, signInActor, type MemberActor } from '#lib/actor.ts';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { matrix, type MatrixCell } from '#lib/http/matrix.ts';
import type { RouteHandler } from '#lib/http/route.ts';
import { newKey } from '#lib/keys/token.ts';
import { makeKey, revokeKey } from '#lib/keys/write.ts';
import { addMember } from '#lib/search/testing.ts';

const appUrl = 'http://127.0.0.1:41998';
useEnv({ ATTEST_URL: appUrl, NODE_ENV: 'test', LOG_LEVEL: 'silent', MODELS_URL: 'http://127.0.0.1:9' });

const folder = path.join(import.meta.dirname, '../..');
const files = new Map(fs.globSync('**/route.ts', { cwd: folder }).map((file) => {
  const segments = path.dirname(file).split(path.sep).filter((segment) => !/^\(.*\)$/.test(segment));
  return [['', ...segments.map((segment) => segment.replace(/^\[\[?\.\.\.(.+?)\]\]?$/, ':$1*').replace(/^\[(.+)\]$/, ':$1'))].join('/'), file];
}));
const cells = matrix.flatMap(({ path: address, ...of }) =>
  Object.entries(of).flatMap(([method, cell]: [string, MatrixCell]) => (cell.permission === 'open' || String(cell.permission) === 'scim' ? [] : [{ address, method, cell }])));
const closed = cells.filter(({ cell }) => cell.scopes === undefined);
const taking = cells.filter(({ cell }) => cell.scopes !== undefined);

let database: TestDatabase;
let admin: MemberActor;
let auditor: MemberActor;
/** The key of an admin: whoever gets further with it than with anybody's would do most harm. */
let key: string;
before(async () => {
  database = await openTestDatabase();
  [admin, auditor] = await Promise.all([addMember('Ada', 'admin'), addMember('Cora', 'compliance')]);
  key = (await makeKey(admin, { name: 'All', scopes: [...keyScopes], days: 1 })).key;
});
after(() => database.stop());

interface Sending {
  headers?: Record<string, string>;
  query?: string;
}

/** Calls the route's own handler, as Next would: nothing stands before it. */
async function call({ address, method }: { address: string; method: string }, { headers = {}, query = '' }: Sending): Promise<{ status: number; code: string; text: string; headers: Headers }> {
  const handlers: Record<string, RouteHandler | undefined> = await import(path.join(folder, files.get(address) ?? ''));
  const params = Object.fromEntries([...address.matchAll(/:(\w+)(\*?)/g)].map(([, name, rest]) => [name, rest === '*' ? ['x'] : randomUUID()]));
  const url = `${appUrl}${address.replace(/:(\w+)\*?/g, (_, name: string) => [params[name]].flat()[0] ?? '')}${query}`;
  const writes = method === 'GET' ? {} : { 'content-type': 'application/json', origin: appUrl };
  const request = new Request(url, { method, headers: { host: '127.0.0.1:41998', ...writes, ...headers }, ...(method === 'GET' ? {} : { body: '{}' }) });
  const response = await (handlers[method] ?? assert.fail(`${method} ${address}`))(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { status: response.status, code: /"code":"([a-z-]+)"/.exec(text)?.[1] ?? '', text, headers: response.headers };
}

async function sessionOf(member: MemberActor): Promise<string> {
  const token = newSessionToken();
  await transaction(signInActor, (tx) => tx.insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: member.id, expires_at: new Date(Date.now() + 600_000) }).execute());
  return `${sessionCookieName()}=${token}`;
}

const bearer = (shown: string) => ({ authorization: `Bearer ${shown}` });

test('there are routes that take no key, and a few that do', () => {
  assert.ok(closed.length > 40, `${closed.length}`);
  assert.ok(taking.length >= 4);
  assert.deepEqual(cells.filter(({ address }) => !files.has(address)), []);
});

test('no route without a scope takes a key, and none gives anything away', async () => {
  for (const cell of closed) {
    const refused = await call(cell, { headers: bearer(key) });
    assert.deepEqual([refused.status, refused.code], [401, 'sign-in-required'], `${cell.method} ${cell.address}: ${refused.text.slice(0, 200)}`);
    assert.ok(!refused.text.includes(key) && !refused.text.includes('Ada'));
  }
});

test('a key beside anybody\'s cookie is refused as malformed by every route, and so is one beside a dead cookie', async () => {
  const cookies = [await sessionOf(admin), await sessionOf(auditor), `${sessionCookieName()}=${newSessionToken()}`, `${sessionCookieName()}=`];
  for (const [index, cell] of cells.entries()) {
    const cookie = cookies[index % cookies.length] ?? '';
    const refused = await call(cell, { headers: { ...bearer(key), cookie } });
    assert.deepEqual([refused.status, refused.code], [400, 'malformed-request'], `${cell.method} ${cell.address}`);
  }
});

test('a cookie alone opens no route that takes keys', async () => {
  const cookie = await sessionOf(admin);
  for (const cell of taking) {
    const refused = await call(cell, { headers: { cookie } });
    assert.deepEqual([refused.status, refused.code, refused.headers.get('www-authenticate')?.split(' ')[0]], [401, 'key-refused', 'Bearer'], `${cell.method} ${cell.address}`);
  }
});

test('a key in the address, in another header or in another scheme is no key', async () => {
  const places: Sending[] = [
    { query: `?api_key=${key}` },
    { query: `?key=${key}&access_token=${key}&authorization=Bearer%20${key}` },
    { headers: { 'x-api-key': key } },
    { headers: { 'api-key': key } },
    { headers: { authorization: key } },
    { headers: { authorization: `Basic ${Buffer.from(`:${key}`).toString('base64')}` } },
    { headers: { authorization: `Bearer, ${key}` } },
    { headers: { 'proxy-authorization': `Bearer ${key}` } },
  ];
  for (const cell of cells) {
    for (const place of places) assert.equal((await call(cell, place)).status, 401, `${cell.method} ${cell.address} ${JSON.stringify(place).replace(key, '...')}`);
  }
});

test('a wrong, revoked or ended key, and that of a disabled member, opens nothing and is told apart in the log alone', async () => {
  const gone = await addMember('Gus');
  const [revoked, ended, disabled] = await Promise.all([admin, admin, gone].map((member) => makeKey(member, { name: 'Old', scopes: ['ask', 'search'], days: 1 })));
  assert.ok(revoked && ended && disabled);
  await revokeKey(admin, revoked.id);
  await transaction(admin, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', gone.id).execute());
  const flipped = key.endsWith('A') ? `${key.slice(0, -1)}B` : `${key.slice(0, -1)}A`;
  const told = new Set<string>();
  for (const shown of [newKey(), flipped, revoked.key, disabled.key, 'attest_', 'x', key.toLowerCase()]) {
    for (const cell of taking) {
      const refused = await call(cell, { headers: bearer(shown) });
      assert.deepEqual([refused.status, refused.code], [401, 'key-refused'], `${cell.method} ${cell.address}`);
      told.add(refused.text.replace(/[0-9a-f-]{36}/g, ''));
    }
  }
  assert.equal(told.size, 2, 'one sentence in each of two forms');
  const rows = await transaction(auditor, (tx) => tx.selectFrom('audit_records').select('body').where('event', '=', 'key.refused').execute());
  const details = rows.map((row) => z.looseObject({ actor_id: z.string().nullable(), details: z.looseObject({ because: z.string().optional() }) }).parse(JSON.parse(row.body.toString())));
  assert.deepEqual([...new Set(details.filter(({ actor_id: id }) => id === gone.id).map((one) => one.details.because))], ['member-disabled']);
  assert.ok(details.some(({ actor_id: id, details: { because } }) => id === admin.id && because === 'revoked'));
});

test('a key without the scope of a route is refused there with the scope that it takes', async () => {
  for (const cell of taking) {
    for (const scope of keyScopes) {
      const own = await makeKey(await addMember('Sol'), { name: 'One', scopes: [scope], days: 1 });
      const answered = await call(cell, { headers: bearer(own.key) });
      if (cell.cell.scopes?.includes(scope)) assert.ok(answered.status !== 401 && answered.status !== 403, `${cell.method} ${cell.address} ${scope}: ${answered.text}`);
      else assert.deepEqual([answered.status, answered.code, /scope="(.*)"/.exec(answered.headers.get('www-authenticate') ?? '')?.[1]], [403, 'scope-missing', cell.cell.scopes?.join(' ')]);
    }
  }
});

test('a page of another site that got hold of a key cannot use it from there', async () => {
  for (const cell of taking) {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { host: 'rebound.example:41998' }]) {
      const refused = await call(cell, { headers: { ...bearer(key), ...headers } });
      assert.deepEqual([refused.status, refused.code], [403, 'cross-site-request'], `${cell.method} ${cell.address} ${JSON.stringify(headers)}`);
    }
  }
});
