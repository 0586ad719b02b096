/** Provisioning over HTTP: groups, who is in them, groups in groups, and the habits of Entra ID and Okta about them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { call, ownerDatabase, read, signedIn, skip, withId } from '../../testing.ts';
import { addGroup, addUser, assertRefused, granted, groupUrn, makeDirectory, membersIn, patch, query, resourcesOf, searchUrn, type Body, type Directory } from './testing.ts';

let directory: Directory;
let people: string[] = [];
before(async () => {
  if (skip !== false) return;
  directory = await makeDirectory();
  people = await Promise.all(Array.from({ length: 4 }, async () => (await addUser(directory)).id));
  people.sort();
});

const one = (index: number): string => people[index] ?? assert.fail('nobody there');
const values = (...indices: number[]): Body[] => indices.map((index) => ({ value: one(index) }));
const readGroup = async (id: string): Promise<Body> => granted(await directory.send(`GET /Groups/${id}`));

test('a group is made with its members, and read again as it was answered', { skip }, async () => {
  const json = { schemas: [groupUrn], displayName: `Group ${randomUUID()}`, externalId: randomUUID(), members: values(0, 1) };
  const made = await directory.send('POST /Groups', { json });
  const body = granted(made, 201);
  assert.deepEqual([body['displayName'], body['externalId'], membersIn(body)], [json.displayName, json.externalId, [one(0), one(1)]]);
  const [member] = body['members'] as Body[];
  assert.equal(member?.['type'], 'User');
  assert.match(String(member?.['display']), /^Person /);
  granted(await directory.send(`GET ${String(member?.['$ref']).split('/api/scim/v2')[1]}`));
  assert.equal(made.headers.get('location'), (body['meta'] as Body)['location']);
  assert.deepEqual(await readGroup(String(body['id'])), body);
  const user = granted(await directory.send(`GET /Users/${one(0)}`));
  assert.ok((user['groups'] as Body[]).some((each) => each['value'] === body['id'] && each['type'] === 'direct' && each['display'] === json.displayName));
});

test('a group needs a name of its own, and members that exist', { skip }, async () => {
  const { displayName } = await addGroup(directory);
  assertRefused(await directory.send('POST /Groups', { json: { schemas: [groupUrn], displayName } }), 409, 'uniqueness');
  const other = await addGroup(directory);
  assertRefused(await directory.send(`PATCH /Groups/${other.id}`, patch({ op: 'replace', path: 'displayName', value: displayName })), 409, 'uniqueness');
  for (const changes of [{ displayName: '' }, { displayName: undefined }, { displayName: 7 }, { displayName: 'x'.repeat(201) }, { members: [{ value: randomUUID() }] }, { members: [{ value: 'nobody' }] }, { members: [{ type: 'User' }] }, { members: 'x' }]) {
    assertRefused(await directory.send('POST /Groups', { json: { schemas: [groupUrn], displayName: `Group ${randomUUID()}`, ...changes } }), 400, 'invalidValue');
  }
});

test('an unknown member among known ones leaves nothing half written', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  assertRefused(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'replace', path: 'displayName', value: 'Half' }, { op: 'add', path: 'members', value: [...values(1), { value: randomUUID() }] })), 400, 'invalidValue');
  assert.deepEqual(await readGroup(group.id), group);
});

test('members are added, taken out and replaced by PATCH', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  const after = async (...operations: Body[]): Promise<string[]> => {
    granted(await directory.send(`PATCH /Groups/${group.id}`, patch(...operations)));
    return membersIn(await readGroup(group.id));
  };
  assert.deepEqual(await after({ op: 'add', path: 'members', value: values(1, 2) }), [one(0), one(1), one(2)]);
  assert.deepEqual(await after({ op: 'add', path: 'members', value: values(1, 1) }), [one(0), one(1), one(2)], 'twice is once');
  assert.deepEqual(await after({ op: 'remove', path: `members[value eq "${one(1)}"]` }), [one(0), one(2)]);
  assert.deepEqual(await after({ op: 'remove', path: `members[value eq "${randomUUID()}"]` }), [one(0), one(2)]);
  assert.deepEqual(await after({ op: 'replace', path: 'members', value: values(3) }), [one(3)]);
  assert.deepEqual(await after({ op: 'add', value: { members: values(0) } }), [one(0), one(3)]);
  assert.deepEqual(await after({ op: 'remove', path: `members[value eq "${one(0)}" or value eq "${one(3)}"]` }, { op: 'add', path: 'members', value: values(2) }), [one(2)]);
  assert.deepEqual(await after({ op: 'remove', path: 'members' }), []);
});

test('PATCH of a group answers 200 with the group, and shows what is asked', { skip }, async () => {
  const group = await addGroup(directory);
  const answer = await directory.send(`PATCH /Groups/${group.id}?excludedAttributes=members`, patch({ op: 'add', path: 'members', value: values(0) }));
  const body = granted(answer);
  assert.equal('members' in body, false);
  assert.equal(answer.headers.get('etag'), (body['meta'] as Body)['version']);
});

test('PUT replaces name and members', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0, 1), externalId: 'x' });
  const displayName = `Group ${randomUUID()}`;
  const body = granted(await directory.send(`PUT /Groups/${group.id}`, { json: { schemas: [groupUrn], displayName, members: values(1, 2) } }));
  assert.deepEqual([body['displayName'], membersIn(body), 'externalId' in body], [displayName, [one(1), one(2)], false]);
  assert.deepEqual(membersIn(granted(await directory.send(`PUT /Groups/${group.id}`, { json: { schemas: [groupUrn], displayName } }))), []);
});

test('a version counts for groups too, and says so when members change', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  const version = String((group['meta'] as Body)['version']);
  assert.equal((await directory.send(`GET /Groups/${group.id}`, { headers: { 'if-none-match': version } })).status, 304);
  granted(await directory.send(`PATCH /Groups/${group.id}`, { ...patch({ op: 'add', path: 'members', value: values(1) }), headers: { 'if-match': version } }));
  for (const sent of [patch({ op: 'remove', path: 'members' }), { json: { schemas: [groupUrn], displayName: 'X' } }]) {
    assertRefused(await directory.send(`${'Operations' in (sent.json as Body) ? 'PATCH' : 'PUT'} /Groups/${group.id}`, { ...sent, headers: { 'if-match': version } }), 412);
  }
  assertRefused(await directory.send(`DELETE /Groups/${group.id}`, { headers: { 'if-match': version } }), 412);
  assert.deepEqual(membersIn(await readGroup(group.id)), [one(0), one(1)]);
});

test('DELETE answers 204 and then 404, and records the rights that went with the group', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  const { id: collection } = await read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Tests ${randomUUID()}` } }), 201, withId);
  const { id: grant } = await read(await call(signedIn('admin'), `POST /api/collections/${collection}/grants`, { json: { to: { kind: 'group', id: group.id }, permission: 'read' } }), 201, withId);
  granted(await directory.send(`DELETE /Groups/${group.id}`), 204);
  assertRefused(await directory.send(`GET /Groups/${group.id}`), 404);
  assertRefused(await directory.send(`DELETE /Groups/${group.id}`), 404);
  const records = await ownerDatabase().selectFrom('audit_records').select(['event', 'actor_role']).where('subject_id', 'in', [grant, group.id]).orderBy('seq').execute();
  assert.deepEqual(records.slice(-2).map((record) => [record.event, record.actor_role]), [['grant.removed', 'scim'], ['group.removed', 'scim']]);
});

test('groups are listed, searched, sorted and shown in parts', { skip }, async () => {
  const mark = randomUUID();
  for (const name of ['b', 'a']) await addGroup(directory, { displayName: `${mark} ${name}`, members: values(0) });
  const filter = `displayName sw "${mark}"`;
  const listed = resourcesOf(granted(await directory.send(`GET /Groups${query({ filter, sortBy: 'displayName', excludedAttributes: 'members' })}`)));
  assert.deepEqual(listed.map((each) => [String(each['displayName']).at(-1), 'members' in each]), [['a', false], ['b', false]]);
  const searched = granted(await directory.send('POST /Groups/.search', { json: { schemas: [searchUrn], filter, attributes: ['members.value'], count: 1 } }));
  assert.deepEqual([searched['totalResults'], (resourcesOf(searched)[0]?.['members'] as Body[])[0]], [2, { value: one(0) }]);
});

test('the group of everyone is no directory\'s', { skip }, async () => {
  const everyone = await ownerDatabase().selectFrom('groups').select(['id', 'name']).where('everyone', '=', true).executeTakeFirstOrThrow();
  assertRefused(await directory.send(`GET /Groups/${everyone.id}`), 404);
  assertRefused(await directory.send(`DELETE /Groups/${everyone.id}`), 404);
  assertRefused(await directory.send(`PATCH /Groups/${everyone.id}`, patch({ op: 'add', path: 'members', value: values(0) })), 404);
  assert.equal(granted(await directory.send(`GET /Groups${query({ filter: `displayName eq "${everyone.name}"` })}`))['totalResults'], 0);
  assertRefused(await directory.send('POST /Groups', { json: { schemas: [groupUrn], displayName: everyone.name } }), 409, 'uniqueness');
});

test('a group stands in a group, and its members are in both', { skip }, async () => {
  const inner = await addGroup(directory, { members: values(0) });
  const outer = await addGroup(directory, { members: [{ value: inner.id, type: 'Group' }, ...values(1)] });
  assert.deepEqual((outer['members'] as Body[]).map((each) => [each['value'], each['type']]), [[one(1), 'User'], [inner.id, 'Group']]);
  const groups = granted(await directory.send(`GET /Users/${one(0)}`))['groups'] as Body[];
  assert.deepEqual([inner.id, outer.id].map((id) => groups.find((each) => each['value'] === id)?.['type']), ['direct', 'indirect']);
  granted(await directory.send(`PATCH /Groups/${outer.id}`, patch({ op: 'remove', path: `members[value eq "${inner.id}"]` })));
  assert.deepEqual(membersIn(await readGroup(outer.id)), [one(1)]);
});

test('groups that would stand inside each other are refused, and nothing is half written', { skip }, async () => {
  const a = await addGroup(directory);
  const b = await addGroup(directory, { members: [{ value: a.id }] });
  const c = await addGroup(directory, { members: [{ value: b.id }] });
  for (const [outer, inner] of [[a, a], [a, b], [a, c]] as const) {
    assertRefused(await directory.send(`PATCH /Groups/${outer.id}`, patch({ op: 'replace', path: 'displayName', value: `Half ${randomUUID()}` }, { op: 'add', path: 'members', value: [{ value: inner.id, type: 'Group' }, ...values(0)] })), 400, 'invalidValue');
  }
  assert.deepEqual(await readGroup(a.id), a);
});

test('what a claim or a hand has made, a directory takes over or takes away', { skip }, async () => {
  const group = await addGroup(directory);
  for (const [index, origin] of (['claim', 'hand', 'claim'] as const).entries()) await ownerDatabase().insertInto('memberships').values({ group_id: group.id, member_id: one(index), origin }).execute();
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'replace', path: 'displayName', value: `Group ${randomUUID()}` })));
  const origins = async () => (await ownerDatabase().selectFrom('memberships').select(['member_id', 'origin']).where('group_id', '=', group.id).orderBy('member_id').execute()).map((row) => row.origin);
  assert.deepEqual(await origins(), ['claim', 'hand', 'claim'], 'a new name says nothing about members');
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'add', path: 'members', value: values(0, 3) }, { op: 'remove', path: `members[value eq "${one(2)}"]` })));
  assert.deepEqual(await origins(), ['scim', 'hand', 'scim']);
});

// Entra ID and Okta ------------------------------------------------------------------------------------------------

test('Entra ID: takes members out by value instead of by path', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0, 1, 2) });
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'Remove', path: 'members', value: [{ value: one(0) }, { value: one(2) }] })));
  assert.deepEqual(membersIn(await readGroup(group.id)), [one(1)]);
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: one(3) }] })));
  assert.deepEqual(membersIn(await readGroup(group.id)), [one(1), one(3)]);
});

test('Entra ID: looks a group up by name without its members', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  const [found] = resourcesOf(granted(await directory.send(`GET /Groups${query({ excludedAttributes: 'members', filter: `displayName eq "${group['displayName']}"` })}`)));
  assert.deepEqual([found?.['id'], 'members' in (found ?? {})], [group.id, false]);
});

test('Okta: renames with its own id in the value, and replaces members in one list', { skip }, async () => {
  const group = await addGroup(directory, { members: values(0) });
  const displayName = `Group ${randomUUID()}`;
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'replace', value: { id: group.id, displayName } })));
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'replace', path: 'members', value: [{ value: one(1), display: 'somebody' }, { value: one(2), display: 'somebody' }] })));
  const body = await readGroup(group.id);
  assert.deepEqual([body['displayName'], membersIn(body)], [displayName, [one(1), one(2)]]);
});
