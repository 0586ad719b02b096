/** Requests that make no sense, sent to every route of the running product: each is told what is wrong, and nothing fails. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isPermitted, type Permission } from '#lib/access/permissions.ts';
import type { Role } from '#lib/actor.ts';
import { matrix, type MatrixCell } from '#lib/http/matrix.ts';
import { ask, assertServing, call, processIds, read, readProblem, sendRaw, signedIn, skip, withId, type RawAnswer, type Sending } from './testing.ts';

interface Cell {
  method: string;
  path: string;
  role: Role;
}

const cells: Cell[] = matrix.flatMap((row) => {
  const of: Readonly<Record<string, MatrixCell | undefined>> = { GET: row.GET, POST: row.POST, PUT: row.PUT, PATCH: row.PATCH, DELETE: row.DELETE };
  return Object.entries(of).flatMap(([method, cell]) =>
    // What only a directory or a program opens tells failures in a form of its own; app/api/scim/v2/*.http.test.ts and
    // app/v1/programs.http.test.ts send it what makes no sense.
    (cell === undefined || cell.permission === 'scim' || cell.scopes !== undefined || row.path.startsWith('/v1/') ? [] : [{ method, path: row.path, role: whoMay(cell.permission) }]));
});

function whoMay(permission: Permission | 'open'): Role {
  if (permission === 'open' || isPermitted('employee', permission)) return 'employee';
  return isPermitted('admin', permission) ? 'admin' : 'compliance';
}

/** Things that exist and that nobody misses, for requests that reach as far as the database. */
const known: Record<string, string> = {};
/** Nobody listens there. */
const oddProvider = { issuer: 'http://127.0.0.1:9', clientId: 'odd', scopes: 'openid', groupsClaim: 'groups' };
/** Bodies that their routes take, with the things above. A route that takes JSON and stands not here fails its test. */
const bodies: Record<string, () => Record<string, unknown>> = {
  'POST /api/auth/:nextauth*': () => ({ callbackUrl: '/' }),
  'POST /api/providers': () => ({ id: `odd-${randomUUID()}`, name: 'Odd', enabled: false, kind: 'oidc', settings: oddProvider, secret: 'secret' }),
  'POST /api/providers/test': () => ({ kind: 'oidc', settings: oddProvider }),
  'PATCH /api/providers/:id': () => ({ revision: 1, name: 'Odd', enabled: false, settings: oddProvider, secret: null }),
  'PATCH /api/groups/:id': () => ({ sensitive: false }),
  'PUT /api/documents/:id/restriction': () => ({ restricted: false }),
  'POST /api/keys': () => ({ name: 'Odd', scopes: ['ask', 'search'], days: 366 }),
  'POST /api/groups': () => ({ name: `Group ${randomUUID()}` }),
  'PATCH /api/members/:id': () => ({ role: 'employee', disabled: false, expected: { role: 'employee', disabled: false } }),
  'POST /api/scim-clients': () => ({ name: `Directory ${randomUUID()}`, days: 1, adminRole: 'Admins' }),
  'PUT /api/models/roles': () => ({ role: 'generator', file: 'none.gguf' }),
  'POST /api/ask': () => ({ question: 'Is there a sabbatical?', scope: [known['collection']] }),
  'PUT /api/turns/:id/feedback': () => ({ verdict: 'up', comment: 'Thank you' }),
  'PATCH /api/conversations/:id': () => ({ title: 'A title' }),
  'POST /api/collections': () => ({ name: `Collection ${randomUUID()}`, description: 'Made by a test' }),
  'PATCH /api/collections/:id': () => ({ name: `Collection ${randomUUID()}`, description: 'Made by a test', revision: 1 }),
  'POST /api/collections/:id/grants': () => ({ to: { kind: 'group', id: known['group'] }, permission: 'read', expiresAt: null, documentId: null }),
  'PATCH /api/grants/:id': () => ({ permission: 'read', expiresAt: null, revision: 1 }),
  'PATCH /api/documents/:id': () => ({ title: 'A title' }),
  ...Object.fromEntries(['POST', 'PUT', 'PATCH'].map((method) => [`${method} /api/:rest*`, () => ({ any: 'thing' })])),
};
/** Routes with a body of another kind, or none. */
const bodiless = new Set([
  'PUT /api/groups/:id/members/:memberId', 'POST /api/turns/:id/stop', 'POST /api/evidence/:id/opened', 'POST /api/documents/:id/opened',
  'PUT /api/groups/:id/groups/:innerId', 'POST /api/proposals/:id/approve', 'POST /api/proposals/:id/decline', 'POST /api/auth/saml/:provider/acs', 'POST /api/auth/backchannel/:provider',
  'POST /api/documents/:id/versions/:versionId/retry', 'POST /api/collections/:id/documents', 'POST /api/documents/:id/versions',
]);
/** What the routes read of an address. */
const queryNames: Record<string, readonly string[]> = {
  'GET /api/auth/:nextauth*': ['code', 'state', 'error'],
  'GET /api/members': ['q', 'cursor', 'limit'],
  'GET /api/sessions/everyone': ['q', 'cursor', 'limit'],
  'GET /api/groups': ['q', 'cursor', 'limit'],
  'GET /api/member-keys': ['member', 'cursor', 'limit'],
  'GET /api/conversations': ['q', 'cursor', 'limit'],
  'DELETE /api/grants/:id': ['revision'],
  'GET /api/documents': ['q', 'cursor', 'limit'],
  'GET /api/collections/:id/documents': ['q', 'cursor', 'limit'],
  'POST /api/collections/:id/documents': ['name', 'sha256'],
  'POST /api/documents/:id/versions': ['name', 'sha256'],
  'GET /api/documents/:id/versions/:versionId/file': ['download'],
  'GET /api/documents/:id/versions/:versionId/blocks': ['from', 'limit', 'page'],
  'GET /api/documents/:id/versions/:versionId/passages': ['cursor', 'limit'],
  'GET /api/documents/progress': ['ids'],
  'GET /api/audit/records': ['event', 'outcome', 'actor', 'collection', 'document', 'from', 'to', 'cursor', 'limit'],
  'GET /api/audit/count': ['from', 'to'],
};

function address(path: string): string {
  const things: Record<string, string | undefined> = {
    conversations: known['conversation'], turns: known['turn'], evidence: known['evidence'], collections: known['collection'], grants: known['grant'],
    documents: known['document'], versions: known['version'], groups: known['group'], members: known['member'], records: '1',
  };
  return path.replace('/:nextauth*', '/signin/demo').replace(/\/(\w+)\/:\w+/g, (_whole, name: string) => `/${name}/${things[name] ?? randomUUID()}`);
}

const unknown = (path: string): string => path.replace(':seq', '999999999').replace(/:\w+\*?/g, () => randomUUID());

let processesBefore: Record<string, number> = {};

before(async () => {
  if (skip !== false) return;
  processesBefore = processIds();
  const admin = signedIn('admin');
  const profile = await read(await call(signedIn('employee'), 'GET /api/profile'), 200, withId);
  known['group'] = (await read(await call(admin, 'POST /api/groups', { json: { name: `Odd ${randomUUID()}` } }), 201, withId)).id;
  known['collection'] = (await read(await call(admin, 'POST /api/collections', { json: { name: `Odd ${randomUUID()}` } }), 201, withId)).id;
  known['grant'] = (await read(await call(admin, `POST /api/collections/${known['collection']}/grants`, { json: { to: { kind: 'member', id: profile.id }, permission: 'edit' } }), 201, withId)).id;
  const stored = await read(await call(signedIn('employee'), `POST /api/collections/${known['collection']}/documents?name=odd.txt`, { body: `Nothing to see. ${randomUUID()}` }), 201, withId);
  known['document'] = stored.id;
  known['version'] = (stored['version'] as { id: string }).id;
  known['member'] = randomUUID();
  const told = await ask(signedIn('employee'), 'How many days of annual leave do I have?');
  known['conversation'] = told.last('started')?.conversationId ?? '';
  known['turn'] = told.last('started')?.turnId ?? '';
  known['evidence'] = told.last('searched')?.evidence[0]?.id ?? '';
});

// A provider that was left would stand on the sign-in page.
after(async () => {
  if (skip !== false) return;
  const { items } = await read(await call(signedIn('admin'), 'GET /api/providers'), 200, z.looseObject({ items: z.array(withId) }));
  for (const { id } of items) if (id.startsWith('odd-')) await call(signedIn('admin'), `DELETE /api/providers/${id}`);
});

/** Nothing of the server's making: carried out, or refused in the words of our list. */
async function assertJudged(response: Response | RawAnswer, what: string): Promise<void> {
  const text = await response.text();
  try {
    assert.ok(response.status < 500, `${response.status} ${text.slice(0, 500)}`);
    // Nobody's fault but a test's: it would hide what was to be seen.
    assert.notEqual(response.status, 429);
    if (response.status >= 400) await readProblem({ status: response.status, headers: response.headers, text: () => Promise.resolve(text) });
    assert.doesNotMatch(text, /^data: \{"type":"error"/m);
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The body with every text in it replaced. */
function withTexts(value: unknown, replace: (text: string) => unknown): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withTexts(each, replace)]));
}

/** The body once for each member, with that one replaced and the others in order, so that no check hides behind another. */
function* oneByOne(body: Record<string, unknown>, replace: (value: unknown) => unknown): Generator<Record<string, unknown>> {
  for (const name of Object.keys(body)) yield { ...body, [name]: replace(body[name]) };
}

const asJson = { 'content-type': 'application/json' };

function* bodyMutants(good: () => Record<string, unknown>): Generator<[what: string, sending: Sending]> {
  const json = (value: unknown): string => JSON.stringify(value);
  yield ['no body', {}];
  yield ['no body that says it is JSON', { headers: asJson }];
  yield ['a body that says it is text', { body: json(good()), headers: { 'content-type': 'text/plain' } }];
  yield ['a form', { body: new URLSearchParams({ name: 'x' }), headers: { 'content-type': 'application/x-www-form-urlencoded' } }];
  yield ['JSON cut off', { body: json(good()).slice(0, -1), headers: asJson }];
  yield ['brackets 50,000 deep', { body: '['.repeat(50_000) + ']'.repeat(50_000), headers: asJson }];
  yield ['a list', { json: [good()] }];
  yield ['null', { json: null }];
  yield ['300 KB', { json: { ...good(), more: 'x'.repeat(300 * 1024) } }];
  yield ['bytes that are no UTF-8', { body: Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('"}')]), headers: asJson }];
  yield ['__proto__', { body: `{"__proto__":{"role":"admin","permission":"edit"},"constructor":{"prototype":{"x":1}},${json(good()).slice(1)}`, headers: asJson }];
  for (const value of [7, 1e300, true, {}, [[]]]) for (const json of oneByOne(good(), () => value)) yield [`${JSON.stringify(value)} in ${JSON.stringify(json).slice(0, 200)}`, { json }];
  for (const [what, text] of [['NUL', 'a\u0000b'], ['a lone surrogate', 'a\ud800b'], ['nothing', ''], ['100,000 characters', 'x'.repeat(100_000)], ['text the other way', '\u202efdp.exe \u0007']] as const) {
    for (const json of oneByOne(good(), (value) => withTexts(value, () => text))) yield [`${what} in ${JSON.stringify(json).slice(0, 200)}`, { json }];
  }
}

const queryValues = ['%00', 'a%00b', '%ff%fe', '%ud800', '', '-1', '1e300', '99999999999999999999', 'NaN', '__proto__', '%F0%9F%98%80', 'x'.repeat(5000), '0000-01-01', '+275760-09-13T00:00:00.000Z', "'%3B%20drop%20table%20members--", encodeURIComponent(Buffer.from('["\\u0000","a"]').toString('base64url'))];
const oddIds = ['x', '%00', '%ff', '%', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '..%5c..', '__proto__', 'null', '-1', '1e5', '%F0%9F%98%80', 'x'.repeat(5000)];

for (const { method, path, role } of cells) {
  const name = `${method} ${path}`;

  test(`${name} takes no malformed request amiss`, { skip }, async () => {
    const browser = await signedIn(role);
    const target = method === 'DELETE' ? unknown(path) : address(path);
    const good = bodies[name];
    if (method !== 'GET' && method !== 'DELETE') assert.ok(good !== undefined || bodiless.has(name), 'this route has no body in this test');
    for (const [what, sending] of good === undefined ? [] : bodyMutants(good)) {
      await assertJudged(await call(browser, `${method} ${target}`, sending), what);
    }
    for (const parameter of queryNames[name] ?? []) {
      for (const value of queryValues) await assertJudged(await sendRaw(browser, `${method} ${target}?${parameter}=${value}`), `${parameter}=${value.slice(0, 50)}`);
    }
  });

  test(`${name} finds nothing under ids that are none`, { skip }, async () => {
    const browser = await signedIn(role);
    const json = bodies[name]?.();
    const sending = method === 'GET' || json === undefined ? {} : { json };
    if (!path.includes(':')) return assertJudged(await call(browser, `${method} ${path}?__proto__=x&constructor=x`, method === 'GET' ? {} : { body: '{}' }), 'a query that nobody asked for');
    await assertJudged(await call(browser, `${method} ${unknown(path)}`, sending), 'unknown ids');
    if (path.includes('*')) return;
    const wanted = method === 'POST' && /documents$|versions$/.test(path) ? '?name=x.txt' : method === 'DELETE' && path.startsWith('/api/grants') ? '?revision=1' : '';
    for (const odd of oddIds) {
      const headers = json === undefined ? {} : asJson;
      const response = await sendRaw(browser, `${method} ${path.replace(/:\w+/g, odd)}${wanted}`, { headers, write: (request) => request.end(json === undefined ? undefined : JSON.stringify(json)) });
      await assertJudged(response, `id ${odd.slice(0, 60)}`);
      assert.ok(response.status >= 400, `id ${odd.slice(0, 60)}: ${response.status}`);
    }
  });
}

test('an address that is none, and a method that is not taken, are told so in the same form', { skip }, async () => {
  const browser = await signedIn('admin');
  for (const path of ['/api', '/api/nothing', '/api/members/a/b/c', '/api/documents/x/versions/y/z', '/api/%ff', '/api/%00']) {
    const response = await sendRaw(browser, `GET ${path}`);
    await assertJudged(response, path);
    assert.ok(response.status === 404 || response.status === 400, `${path}: ${response.status}`);
  }
  for (const wrong of ['TRACE /api/groups', 'BREW /api/groups', 'PUT /ask']) {
    const response = await sendRaw(browser, wrong);
    assert.ok(response.status >= 200 && response.status < 500, `${wrong}: ${response.status}`);
    if (wrong.startsWith('TRACE')) await readProblem(response, 'method-not-allowed');
  }
});

test('every address tells which methods it takes, and refuses the others with it', { skip }, async () => {
  const browser = await signedIn('admin');
  for (const path of new Set(cells.map((cell) => cell.path).filter((one) => one !== '/api/:rest*'))) {
    const taken = [...cells.filter((cell) => cell.path === path).map(({ method }) => method), 'OPTIONS'];
    if (taken.includes('GET')) taken.push('HEAD');
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !taken.includes(one))) {
      const refused = await sendRaw(browser, `${method} ${unknown(path)}`);
      assert.deepEqual(refused.headers.get('allow')?.split(', ').sort(), taken.sort(), `${method} ${path}`);
      if (method === 'HEAD') assert.deepEqual([refused.status, await refused.text()], [405, ''], path);
      else await readProblem(refused, 'method-not-allowed');
    }
    const asked = await sendRaw(browser, `OPTIONS ${unknown(path)}`);
    assert.deepEqual([asked.status, asked.headers.get('allow')?.split(', ').sort(), asked.headers.get('access-control-allow-origin')], [204, taken.sort(), null], path);
  }
  const [whole, head] = [await sendRaw(browser, 'GET /api/health'), await sendRaw(browser, 'HEAD /api/health')];
  assert.deepEqual([head.status, head.headers.get('content-type'), await head.text()], [200, whole.headers.get('content-type'), '']);
  await readProblem(await sendRaw(browser, 'OPTIONS /api/nothing'), 'not-found');
});

test('headers that make no sense end in an answer, not in a fault', { skip }, async () => {
  const browser = await signedIn('employee');
  for (const headers of [
    { cookie: `attest-session=${'x'.repeat(8000)}` }, { cookie: 'attest-session=%00%ff; ;;=;attest-session' }, { 'content-length': '0', 'content-type': 'application/json;charset=utf-7' },
    { range: 'bytes=9999999999999999999-' }, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' }, { accept: '\u0001'.repeat(0) + 'x/'.repeat(2000) }, { 'content-encoding': 'br' },
    { origin: 'null' }, { origin: 'http://[', 'sec-fetch-site': 'same-site' }, { host: 'evil.example' },
  ]) {
    for (const target of ['GET /api/profile', 'POST /api/ask']) {
      const response = await sendRaw(browser, target, { headers });
      await assertJudged(response, `${target} ${JSON.stringify(headers).slice(0, 100)}`);
    }
  }
  // Larger than node takes: it answers for itself, and lives.
  const large = await sendRaw(browser, 'GET /api/profile', { headers: { 'x-large': 'x'.repeat(20_000) } });
  assert.equal(large.status, 431);
});

test('a body that ends before it is all there is dropped without a trace', { skip }, async () => {
  const browser = await signedIn('admin');
  const name = `Half ${randomUUID()}`;
  const broken = sendRaw(browser, 'POST /api/groups', {
    headers: { ...asJson, 'content-length': '1000' },
    async write(request) {
      request.write(`{"name":"${name}"}`);
      await sleep(200);
      request.destroy();
    },
  });
  await assert.rejects(broken);
  const groups = await (await call(browser, `GET /api/groups?q=${encodeURIComponent(name)}`)).text();
  assert.ok(!groups.includes(name));
});

test('after all of it the same processes serve, and an answer comes', { skip }, async () => {
  await assertServing();
  assert.deepEqual(processIds(), processesBefore);
  assert.ok((await ask(signedIn('employee'), 'How many days of annual leave do I have?')).last('done'));
});
