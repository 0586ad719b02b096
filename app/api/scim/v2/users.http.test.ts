/** Provisioning over HTTP: users made, read, replaced and removed; attributes shown as asked; versions; uniqueness; paging. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { ownerDatabase, skip } from '../../testing.ts';
import { addUser, assertRefused, enterpriseUrn, granted, makeDirectory, patch, query, resourcesOf, searchUrn, somebody, userUrn, type Body, type Directory } from './testing.ts';

let directory: Directory;
before(async () => {
  if (skip === false) directory = await makeDirectory();
});

test('a user is made, and read again as it was answered', { skip }, async () => {
  const sent = somebody();
  const made = await directory.send('POST /Users', { json: sent });
  const body = granted(made, 201);
  assert.deepEqual({ ...body, id: undefined, meta: undefined }, { ...sent, id: undefined, meta: undefined });
  const meta = body['meta'] as Body;
  assert.equal(meta['resourceType'], 'User');
  assert.equal(made.headers.get('location'), meta['location']);
  assert.ok(String(meta['location']).endsWith(`/api/scim/v2/Users/${body['id']}`));
  assert.equal(made.headers.get('etag'), meta['version']);
  assert.deepEqual(granted(await directory.send(`GET /Users/${body['id']}`)), body);
});

test('a user needs a name and an address, and no more', { skip }, async () => {
  const userName = `${randomUUID()}@people.example`;
  const body = granted(await directory.send('POST /Users', { json: { schemas: [userUrn], userName } }), 201);
  assert.equal(body['active'], true);
  assert.equal('displayName' in body, false);
  for (const json of [somebody({ userName: undefined }), somebody({ userName: '' }), somebody({ userName: null }), somebody({ userName: 7 }), somebody({ userName: 'no-address', emails: [] }), somebody({ emails: [{ value: 'no address' }] })]) {
    assertRefused(await directory.send('POST /Users', { json }), 400, 'invalidValue');
  }
});

test('values of the wrong kind are refused with what is wrong', { skip }, async () => {
  for (const changes of [{ active: 'maybe' }, { active: 1 }, { name: 'text' }, { name: { givenName: 1 } }, { emails: [1] }, { emails: ['a@b.example', []] }, { displayName: ['x'] }, { displayName: 'a\u0000b' }, { displayName: 'x'.repeat(1001) }, { externalId: {} }, { emails: Array.from({ length: 51 }, () => ({ value: 'a@b.example' })) }, { emails: [{ value: 'a@b.example', primary: true }, { value: 'b@b.example', primary: true }] }]) {
    assertRefused(await directory.send('POST /Users', { json: somebody(changes) }), 400, 'invalidValue');
  }
});

test('names of attributes count in any case of letters, and values keep theirs', { skip }, async () => {
  const name = `P-${randomUUID()}`;
  const body = granted(await directory.send('POST /Users', { json: { SCHEMAS: [userUrn.toUpperCase()], USERNAME: `${name}@people.example`, DisplayName: 'ÄÖ ß', NAME: { GIVENNAME: 'Å' } } }), 201);
  assert.deepEqual([body['userName'], body['displayName'], body['name']], [`${name}@people.example`, 'ÄÖ ß', { givenName: 'Å' }]);
});

test('what Attest does not keep, what is unknown and what is its own is left out', { skip }, async () => {
  const body = granted(await directory.send('POST /Users', { json: somebody({
    id: 'mine', meta: { version: 'x' }, groups: [{ value: 'x' }], title: 'Head', phoneNumbers: [{ value: '1' }], password: 'secret', shoeSize: 44,
    [enterpriseUrn]: { department: 'Sales' }, 'urn:ietf:params:scim:schemas:extension:own:2.0:User': { a: 1 },
  }) }), 201);
  assert.notEqual(body['id'], 'mine');
  for (const name of ['groups', 'title', 'phoneNumbers', 'password', 'shoeSize', enterpriseUrn]) assert.equal(name in body, false, name);
});

test('a userName or address that is somebody\'s is refused in any case of letters, and nothing is half written', { skip }, async () => {
  const first = await addUser(directory);
  const userName = String(first['userName']);
  assertRefused(await directory.send('POST /Users', { json: somebody({ userName: userName.toUpperCase() }) }), 409, 'uniqueness');
  assertRefused(await directory.send('POST /Users', { json: somebody({ emails: [{ value: userName.toUpperCase() }] }) }), 409, 'uniqueness');
  const second = await addUser(directory);
  assertRefused(await directory.send(`PUT /Users/${second.id}`, { json: somebody({ userName, displayName: 'Half' }) }), 409, 'uniqueness');
  assertRefused(await directory.send(`PATCH /Users/${second.id}`, patch({ op: 'replace', path: 'displayName', value: 'Half' }, { op: 'replace', path: 'userName', value: userName })), 409, 'uniqueness');
  assert.deepEqual(granted(await directory.send(`GET /Users/${second.id}`)), second);
});

test('two requests at once make one user', { skip }, async () => {
  const json = somebody();
  const answers = await Promise.all(Array.from({ length: 5 }, () => directory.send('POST /Users', { json })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);
});

test('PUT replaces everything, and what it leaves out is gone', { skip }, async () => {
  const user = await addUser(directory);
  const body = granted(await directory.send(`PUT /Users/${user.id}`, { json: { schemas: [userUrn], userName: user['userName'], displayName: 'New' } }));
  assert.deepEqual([body['displayName'], 'name' in body, 'emails' in body, 'externalId' in body, body['active']], ['New', false, false, false, true]);
  assert.deepEqual(granted(await directory.send(`GET /Users/${user.id}`)), body);
});

test('PUT without active leaves somebody who was disabled disabled', { skip }, async () => {
  const user = await addUser(directory, { active: false });
  const body = granted(await directory.send(`PUT /Users/${user.id}`, { json: { schemas: [userUrn], userName: user['userName'] } }));
  assert.equal(body['active'], false);
});

test('a user who is not there is 404 for every method, whatever stands where the id should', { skip }, async () => {
  for (const id of [randomUUID(), 'none', '1', `${randomUUID()}'--`, '%00', '..%2F..', 'x'.repeat(2000)]) {
    assertRefused(await directory.send(`GET /Users/${id}`), 404);
    assertRefused(await directory.send(`PUT /Users/${id}`, { json: somebody() }), 404);
    assertRefused(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'active', value: false })), 404);
    assertRefused(await directory.send(`DELETE /Users/${id}`), 404);
  }
});

test('DELETE answers 204 and then 404, and the name is free again', { skip }, async () => {
  const json = somebody();
  const user = granted(await directory.send('POST /Users', { json }), 201);
  const removed = await directory.send(`DELETE /Users/${user['id']}`);
  assert.deepEqual([removed.status, removed.body], [204, {}]);
  assertRefused(await directory.send(`GET /Users/${user['id']}`), 404);
  assertRefused(await directory.send(`DELETE /Users/${user['id']}`), 404);
  assert.equal(granted(await directory.send(`GET /Users${query({ filter: `userName eq "${json['userName']}"` })}`))['totalResults'], 0);
  const again = granted(await directory.send('POST /Users', { json }), 201);
  assert.notEqual(again['id'], user['id']);
  const rows = await ownerDatabase().selectFrom('members').select(['id', 'removed_at']).where('id', 'in', [String(user['id']), String(again['id'])]).execute();
  assert.equal(rows.length, 2, 'the row stays for the audit log');
});

test('a version counts: If-None-Match answers 304, a stale If-Match 412 and changes nothing', { skip }, async () => {
  const user = await addUser(directory);
  const version = String((user['meta'] as Body)['version']);
  assert.equal((await directory.send(`GET /Users/${user.id}`, { headers: { 'if-none-match': version } })).status, 304);
  const changed = await directory.send(`PATCH /Users/${user.id}`, { ...patch({ op: 'replace', path: 'displayName', value: 'One' }), headers: { 'if-match': version } });
  const now = String((granted(changed)['meta'] as Body)['version']);
  assert.notEqual(now, version);
  assert.equal(changed.headers.get('etag'), now);
  const stale = { 'if-match': version };
  assertRefused(await directory.send(`PATCH /Users/${user.id}`, { ...patch({ op: 'replace', path: 'displayName', value: 'Two' }), headers: stale }), 412);
  assertRefused(await directory.send(`PUT /Users/${user.id}`, { json: somebody(), headers: stale }), 412);
  assertRefused(await directory.send(`DELETE /Users/${user.id}`, { headers: stale }), 412);
  assert.equal(granted(await directory.send(`GET /Users/${user.id}`, { headers: { 'if-none-match': version } }))['displayName'], 'One');
  granted(await directory.send(`PATCH /Users/${user.id}`, { ...patch({ op: 'replace', path: 'displayName', value: 'Two' }), headers: { 'if-match': `"other", ${now}` } }));
  granted(await directory.send(`DELETE /Users/${user.id}`, { headers: { 'if-match': '*' } }), 204);
});

test('attributes and excludedAttributes show what is asked, and always schemas and id', { skip }, async () => {
  const user = await addUser(directory);
  const show = async (parameters: Record<string, string>): Promise<string[]> => Object.keys(granted(await directory.send(`GET /Users/${user.id}${query(parameters)}`))).sort();
  assert.deepEqual(await show({ attributes: 'userName' }), ['id', 'schemas', 'userName']);
  assert.deepEqual(await show({ attributes: `USERNAME, ${userUrn}:active` }), ['active', 'id', 'schemas', 'userName']);
  assert.deepEqual(await show({ attributes: 'nothing' }), ['id', 'schemas']);
  assert.deepEqual(await show({ excludedAttributes: 'id,schemas,emails,name,meta,externalId,displayName' }), ['active', 'id', 'schemas', 'userName']);
  const parts = granted(await directory.send(`GET /Users/${user.id}${query({ attributes: 'name.givenName,emails.value,meta.version' })}`));
  assert.deepEqual([parts['name'], parts['emails'], Object.keys(parts['meta'] as Body)], [{ givenName: 'Person' }, [{ value: user['userName'] }], ['version']]);
  const without = granted(await directory.send(`GET /Users/${user.id}${query({ excludedAttributes: 'name.givenName,emails.type' })}`));
  assert.deepEqual([Object.keys(without['name'] as Body), without['emails']], [['familyName'], [{ value: user['userName'], primary: true }]]);
  assertRefused(await directory.send(`GET /Users/${user.id}${query({ attributes: 'userName', excludedAttributes: 'emails' })}`), 400, 'invalidValue');
});

test('attributes are shown as asked by POST, PUT, PATCH and lists too', { skip }, async () => {
  const json = somebody();
  const made = granted(await directory.send('POST /Users?attributes=userName', { json }), 201);
  assert.deepEqual(Object.keys(made).sort(), ['id', 'schemas', 'userName']);
  assert.deepEqual(Object.keys(granted(await directory.send(`PUT /Users/${made['id']}?attributes=active`, { json }))).sort(), ['active', 'id', 'schemas']);
  assert.deepEqual(Object.keys(granted(await directory.send(`PATCH /Users/${made['id']}?excludedAttributes=name,emails,meta,externalId,userName`, patch({ op: 'replace', path: 'displayName', value: 'X' })))).sort(), ['active', 'displayName', 'id', 'schemas']);
  const [listed] = resourcesOf(granted(await directory.send(`GET /Users${query({ filter: `id eq "${made['id']}"`, attributes: 'displayName' })}`)));
  assert.deepEqual(Object.keys(listed ?? {}).sort(), ['displayName', 'id', 'schemas']);
});

test('a list is paged, counted from 1 and capped', { skip }, async () => {
  const mark = `page-${randomUUID().slice(0, 8)}`;
  const ids = [];
  for (let index = 0; index < 7; index += 1) ids.push((await addUser(directory, { displayName: `${mark} ${index}` })).id);
  const filter = `displayName sw "${mark}"`;
  const page = async (parameters: Record<string, string | number>) => granted(await directory.send(`GET /Users${query({ filter, sortBy: 'displayName', ...parameters })}`));
  const first = await page({ startIndex: 1, count: 3 });
  assert.deepEqual([first['totalResults'], first['startIndex'], first['itemsPerPage']], [7, 1, 3]);
  const found = [...resourcesOf(first), ...resourcesOf(await page({ startIndex: 4, count: 3 })), ...resourcesOf(await page({ startIndex: 7, count: 3 }))];
  assert.deepEqual(found.map((each) => each['id']), ids);
  assert.deepEqual(resourcesOf(await page({ startIndex: 8, count: 3 })), []);
  assert.deepEqual([(await page({ count: 0 }))['totalResults'], resourcesOf(await page({ count: 0 })).length, resourcesOf(await page({ count: -5 })).length], [7, 0, 0]);
  assert.equal((await page({ startIndex: -3, count: 2 }))['startIndex'], 1);
  assert.ok(Number((await page({ count: 100_000 }))['itemsPerPage']) <= 200);
  for (const wrong of [{ count: 'many' }, { startIndex: '1.5' }, { startIndex: '9'.repeat(30) }]) assertRefused(await directory.send(`GET /Users${query(wrong)}`), 400, 'invalidValue');
});

test('a list is sorted either way by what it says', { skip }, async () => {
  const mark = `sort-${randomUUID().slice(0, 8)}`;
  for (const name of ['b', 'A', 'c']) await addUser(directory, { displayName: `${mark} ${name}`, name: { familyName: `${mark} ${name}` }, ...(name === 'b' ? { name: {} } : {}) });
  const order = async (sortBy: string, sortOrder: string) => resourcesOf(granted(await directory.send(`GET /Users${query({ filter: `displayName sw "${mark}"`, sortBy, sortOrder })}`))).map((each) => String(each['displayName']).at(-1));
  assert.deepEqual(await order('displayName', 'ascending'), ['A', 'b', 'c']);
  assert.deepEqual(await order('displayName', 'descending'), ['c', 'b', 'A']);
  assert.deepEqual(await order('name.familyName', 'ascending'), ['A', 'c', 'b'], 'who has none comes last');
  assert.deepEqual((await order('meta.created', 'descending')).join(''), 'cAb');
  for (const sortBy of ['emails', 'emails.value', 'userName', 'id', 'externalId', 'active', 'name', 'roles', 'title']) assert.equal((await order(sortBy, 'ascending')).length, 3, sortBy);
  assertRefused(await directory.send(`GET /Users${query({ sortBy: 'nothing' })}`), 400, 'invalidValue');
  assertRefused(await directory.send(`GET /Users${query({ sortBy: 'userName', sortOrder: 'up' })}`), 400, 'invalidValue');
});

test('a search by POST answers what the same GET answers', { skip }, async () => {
  const user = await addUser(directory);
  const filter = `userName eq "${user['userName']}"`;
  const json = { schemas: [searchUrn], filter, attributes: ['userName'], sortBy: 'userName', sortOrder: 'descending', startIndex: 1, count: 5 };
  assert.deepEqual(granted(await directory.send('POST /Users/.search', { json })), granted(await directory.send(`GET /Users${query({ filter, attributes: 'userName' })}`)));
  assertRefused(await directory.send('POST /Users/.search', { json: { filter } }), 400, 'invalidSyntax');
  assertRefused(await directory.send('POST /Users/.search', { json: { ...json, filter: 7 } }), 400, 'invalidFilter');
  assertRefused(await directory.send('POST /Users/.search', { json: { ...json, attributes: 'userName' } }), 400, 'invalidValue');
  assertRefused(await directory.send('POST /Users/.search', { json: { ...json, count: 'x' } }), 400, 'invalidValue');
});
