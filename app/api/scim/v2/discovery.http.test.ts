/** Provisioning over HTTP: what a client may learn before it sends anything, who is let in, and how refusals look. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { z } from 'zod';
import { call, eventually, ownerDatabase, read, readProblem, sendRaw, signedIn, skip, withId } from '../../testing.ts';
import { addUser, assertRefused, granted, groupUrn, makeDirectory, query, resourcesOf, sendAs, somebody, userUrn, type Body, type Directory } from './testing.ts';

let directory: Directory;
before(async () => {
  if (skip === false) directory = await makeDirectory();
});

test('ServiceProviderConfig says what is supported', { skip }, async () => {
  const body = granted(await directory.send('GET /ServiceProviderConfig'));
  for (const [name, supported] of Object.entries({ patch: true, bulk: false, filter: true, changePassword: false, sort: true, etag: true })) {
    assert.equal((body[name] as Body)['supported'], supported, name);
  }
  assert.equal((body['filter'] as Body)['maxResults'], 200);
  assert.equal(((body['authenticationSchemes'] as Body[])[0] ?? {})['type'], 'oauthbearertoken');
});

test('ResourceTypes lists User and Group with addresses that answer', { skip }, async () => {
  const types = resourcesOf(granted(await directory.send('GET /ResourceTypes')));
  assert.deepEqual(types.map((each) => [each['id'], each['endpoint'], each['schema']]), [['User', '/Users', userUrn], ['Group', '/Groups', groupUrn]]);
  for (const type of types) {
    assert.deepEqual(granted(await directory.send(`GET /ResourceTypes/${type['id']}`)), type);
    granted(await directory.send(`GET ${type['endpoint']}?count=0`));
  }
});

test('Schemas describes every attribute that a resource can have', { skip }, async () => {
  const schemas = resourcesOf(granted(await directory.send('GET /Schemas')));
  assert.deepEqual(schemas.map((each) => each['id']), [userUrn, groupUrn]);
  for (const schema of schemas) {
    assert.deepEqual(granted(await directory.send(`GET /Schemas/${schema['id']}`)), schema);
    for (const attribute of schema['attributes'] as Body[]) {
      for (const name of ['name', 'type', 'multiValued', 'description', 'required', 'mutability', 'returned']) assert.ok(name in attribute, `${attribute['name']} has no ${name}`);
      if (attribute['type'] === 'complex') assert.ok((attribute['subAttributes'] as Body[]).length > 0);
    }
  }
  const described = new Set((schemas[0]?.['attributes'] as Body[]).map((each) => each['name']));
  const user = await addUser(directory, { roles: [{ value: 'any' }] });
  for (const name of Object.keys(user)) assert.ok(['schemas', 'id', 'externalId', 'meta'].includes(name) || described.has(name), `${name} is not described`);
});

test('lists about the interface take no filter, and what is not there is 404', { skip }, async () => {
  for (const path of ['/ResourceTypes', '/Schemas']) assertRefused(await directory.send(`GET ${path}${query({ filter: 'name pr' })}`), 403);
  for (const path of ['/ResourceTypes/Device', '/Schemas/urn:none', '/Devices', '']) assertRefused(await directory.send(`GET ${path}`), 404);
});

test('Bulk and Me are said not to be offered', { skip }, async () => {
  assertRefused(await directory.send('POST /Bulk', { json: {} }), 501);
  assertRefused(await directory.send('GET /Me'), 501);
});

test('a method that an address does not take is refused in SCIM\'s own form', { skip }, async () => {
  for (const request of ['DELETE /Users', 'PUT /Groups', 'PATCH /Schemas', 'POST /ServiceProviderConfig']) assertRefused(await directory.send(request), 405);
  assertRefused(await directory.send(`POST /Users/${randomUUID()}`, { json: {} }), 405);
});

test('nobody gets in without a token, with half of one, or with one in another place', { skip }, async () => {
  const { token } = directory;
  for (const authorization of [undefined, '', 'Bearer', `Basic ${token}`, token, `Bearer ${token.slice(0, -1)}`, `Bearer ${token}x`, `Bearer attest_scim_${'A'.repeat(43)}`, `Bearer ${token} ${token}`]) {
    const answer = await sendAs(authorization, 'GET /Users');
    assertRefused(answer, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer /);
  }
  assertRefused(await sendAs(undefined, `GET /Users${query({ access_token: token })}`), 401);
});

test('a member\'s session and a member\'s API key open nothing here, whatever their role', { skip }, async () => {
  for (const role of ['employee', 'admin', 'compliance'] as const) {
    for (const request of ['GET /api/scim/v2/Users', 'GET /api/scim/v2/ServiceProviderConfig', `DELETE /api/scim/v2/Users/${randomUUID()}`]) {
      assert.equal((await call(signedIn(role), request)).status, 401, `${role} ${request}`);
    }
  }
  const made = await call(signedIn('employee'), 'POST /api/keys', { json: { name: `Tests ${randomUUID()}`, scopes: ['ask'], days: 1 } });
  const { key } = await read(made, 201, z.looseObject({ key: z.string() }));
  assertRefused(await sendAs(`Bearer ${key}`, 'GET /Users'), 401);
});

test('a directory\'s token opens nothing else', { skip }, async () => {
  for (const path of ['/api/members', '/api/profile', '/api/scim-clients', '/api/audit/records', '/api/conversations', '/v1/models']) {
    const response = await sendRaw({ cookies: new Map() } as never, `GET ${path}`, { headers: { authorization: `Bearer ${directory.token}` } });
    assert.equal(response.status, 401, path);
  }
});

test('only an admin makes, sees and revokes clients, and nobody sees a token again', { skip }, async () => {
  for (const role of ['employee', 'compliance'] as const) {
    await readProblem(await call(signedIn(role), 'GET /api/scim-clients'), 'not-permitted');
    await readProblem(await call(signedIn(role), 'POST /api/scim-clients', { json: { name: 'Mine', days: 1 } }), 'not-permitted');
    await readProblem(await call(signedIn(role), `DELETE /api/scim-clients/${directory.id}`), 'not-permitted');
  }
  const text = await (await call(signedIn('admin'), 'GET /api/scim-clients')).text();
  assert.ok(text.includes(directory.id) && !text.includes(directory.token) && !text.includes('sha256'));
  for (const json of [{ name: '', days: 1 }, { name: 'x', days: 0 }, { name: 'x', days: 10_000 }, { name: 'x' }, { name: 'x', days: 1, role: 'admin' }]) {
    await readProblem(await call(signedIn('admin'), 'POST /api/scim-clients', { json }), 'invalid-input');
  }
});

test('a revoked token and one that has ended are refused with the next request', { skip }, async () => {
  const revoked = await makeDirectory();
  granted(await revoked.send('GET /Users?count=0'));
  assert.equal((await call(signedIn('admin'), `DELETE /api/scim-clients/${revoked.id}`)).status, 204);
  assertRefused(await revoked.send('GET /Users?count=0'), 401);
  const ended = await makeDirectory();
  await ownerDatabase().updateTable('scim_clients').set({ expires_at: new Date(Date.now() - 1000) }).where('id', '=', ended.id).execute();
  assertRefused(await ended.send('GET /Users?count=0'), 401);
});

test('when a token was used last is noted', { skip }, async () => {
  const used = await makeDirectory();
  const find = async () => (await read(await call(signedIn('admin'), 'GET /api/scim-clients'), 200, z.looseObject({ items: z.array(withId.extend({ lastUsedAt: z.string().nullable() })) }))).items.find((each) => each.id === used.id);
  assert.equal((await find())?.lastUsedAt, null);
  granted(await used.send('GET /Users?count=0'));
  assert.notEqual((await find())?.lastUsedAt, null);
});

test('a body of a megabyte is refused and nothing of it is kept', { skip }, async () => {
  const displayName = 'x'.repeat(1_000_000);
  assertRefused(await directory.send('POST /Users', { json: somebody({ displayName }) }), 413);
  const endless = await sendRaw({ cookies: new Map() } as never, 'POST /api/scim/v2/Users', {
    headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json', 'content-length': 50_000_000 },
    write: (request) => request.write('{"schemas":["'),
  });
  assert.equal(endless.status, 413);
});

test('what is no JSON object, or does not say it is, is refused', { skip }, async () => {
  const type = 'application/scim+json';
  for (const text of ['{', '', '[1]', '"x"', 'null', '{"a":1}}']) assertRefused(await directory.send('POST /Users', { text, headers: { 'content-type': type } }), 400, 'invalidSyntax');
  for (const wrong of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) assertRefused(await directory.send('POST /Users', { text: JSON.stringify(somebody()), headers: { 'content-type': wrong } }), 415);
  granted(await directory.send('POST /Users', { text: JSON.stringify(somebody()), headers: { 'content-type': 'application/json; charset=utf-8' } }), 201);
  for (const schemas of [undefined, [], [groupUrn], userUrn, [1]]) assertRefused(await directory.send('POST /Users', { json: somebody({ schemas }) }), 400, 'invalidSyntax');
  granted(await directory.send('POST /Users', { json: { ...somebody(), __proto__: { active: false } } }), 201);
});

test('a refused token leaves a record that says why and shows no token', { skip }, async () => {
  const revoked = await makeDirectory();
  await call(signedIn('admin'), `DELETE /api/scim-clients/${revoked.id}`);
  await revoked.send('GET /Users');
  await eventually(async () => {
    const rows = await ownerDatabase().selectFrom('audit_records').select(['body', 'event']).where('actor_role', '=', 'scim').where('event', '=', 'request.refused').orderBy('seq', 'desc').limit(20).execute();
    const told = rows.map((row) => row.body.toString('utf8'));
    assert.ok(told.length > 0 && told.every((body) => !body.includes('attest_scim_')));
    // Beyond ten a minute refusals are counted together.
    assert.ok(told.some((body) => /"because":"(?:missing|malformed|unknown|revoked|ended)"/.test(body)), told[0]);
  });
});
