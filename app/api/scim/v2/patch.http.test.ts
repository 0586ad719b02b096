/** Provisioning over HTTP: PATCH add, remove and replace over every attribute, and the habits of Entra ID and Okta. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { ownerDatabase, skip } from '../../testing.ts';
import { addUser, assertRefused, enterpriseUrn, granted, makeDirectory, patch, somebody, userUrn, type Body, type Directory, type Sent } from './testing.ts';

let directory: Directory;
before(async () => {
  if (skip === false) directory = await makeDirectory();
});

/** A new user after those operations. */
async function patched(operations: Body[], changes: Body = {}): Promise<Body> {
  const user = await addUser(directory, changes);
  const body = granted(await directory.send(`PATCH /Users/${user.id}`, patch(...operations)));
  assert.deepEqual(granted(await directory.send(`GET /Users/${user.id}`)), body, 'what is answered is what is kept');
  return body;
}

function at(body: Body, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Body | undefined)?.[name], body);
}

const address = (): string => `${randomUUID()}@people.example`;
const singles: readonly (readonly [path: string, value: () => unknown])[] = [
  ['displayName', () => 'Other'],
  ['externalId', () => randomUUID()],
  ['userName', address],
  ['active', () => false],
  ['name.formatted', () => 'Dr Other'],
  ['name.familyName', () => 'Other'],
  ['name.givenName', () => 'Other'],
];

for (const [path, make] of singles) {
  for (const op of ['add', 'replace'] as const) {
    test(`${op} sets ${path}`, { skip }, async () => {
      const value = make();
      assert.deepEqual(at(await patched([{ op, path, value }]), path), value);
      const other = make();
      assert.deepEqual(at(await patched([{ op, path: `${userUrn}:${path}`, value: other }]), path), other);
    });
    test(`${op} sets ${path} without a path`, { skip }, async () => {
      const value = make();
      const [name = '', part] = path.split('.');
      assert.deepEqual(at(await patched([{ op, value: { [name]: part === undefined ? value : { [part]: value } } }]), path), value);
    });
  }
}

for (const path of ['displayName', 'externalId', 'name', 'name.formatted', 'name.familyName', 'name.givenName', 'emails', 'roles']) {
  test(`remove takes ${path} away`, { skip }, async () => {
    const name = { formatted: 'A B', familyName: 'B', givenName: 'A' };
    assert.equal(at(await patched([{ op: 'remove', path }], { name, roles: [{ value: 'r' }] }), path), undefined);
  });
}

test('what must have a value, or is not a client\'s to write, cannot be taken away or changed', { skip }, async () => {
  const user = await addUser(directory);
  for (const operation of [
    { op: 'remove', path: 'userName' }, { op: 'remove', path: 'active' }, { op: 'replace', path: 'id', value: 'x' }, { op: 'add', path: 'groups', value: [{ value: 'x' }] },
    { op: 'replace', path: 'meta.created', value: '2020-01-01T00:00:00Z' }, { op: 'remove', path: 'schemas' },
  ]) assertRefused(await directory.send(`PATCH /Users/${user.id}`, patch(operation)), 400, 'mutability');
  assert.deepEqual(granted(await directory.send(`GET /Users/${user.id}`)), user);
});

test('replace of a part leaves the others, and so does replace of the whole', { skip }, async () => {
  assert.deepEqual((await patched([{ op: 'replace', path: 'name', value: { givenName: 'New' } }], { name: { givenName: 'A', familyName: 'B' } }))['name'], { givenName: 'New', familyName: 'B' });
});

test('addresses are added, except those that are there, and replaced as a whole', { skip }, async () => {
  const make = () => [{ value: address(), type: 'work', primary: true }, { value: address(), type: 'home' }];
  const [emails, other] = [make(), { value: address(), type: 'other' }];
  assert.deepEqual((await patched([{ op: 'add', path: 'emails', value: [other, emails[1]] }], { emails }))['emails'], [...emails, other]);
  const alone = { value: address() };
  assert.deepEqual((await patched([{ op: 'replace', path: 'emails', value: [alone] }], { emails: make() }))['emails'], [alone]);
});

test('a filter chooses among addresses', { skip }, async () => {
  const make = () => [{ value: address(), type: 'work', primary: true }, { value: address(), type: 'home' }] as const;
  const changed = address();
  const one = make();
  assert.deepEqual((await patched([{ op: 'replace', path: 'emails[type eq "home"].value', value: changed }], { emails: one }))['emails'], [one[0], { value: changed, type: 'home' }]);
  const two = make();
  assert.deepEqual((await patched([{ op: 'replace', path: `emails[value eq "${two[1].value.toUpperCase()}"]`, value: { primary: true } }], { emails: two }))['emails'], [{ value: two[0].value, type: 'work' }, { value: two[1].value, type: 'home', primary: true }]);
  const three = make();
  assert.deepEqual((await patched([{ op: 'remove', path: 'emails[type eq "home" and not (primary eq true)]' }], { emails: three }))['emails'], [three[0]]);
  const four = make();
  assert.deepEqual((await patched([{ op: 'remove', path: 'emails[type eq "work"].primary' }], { emails: four }))['emails'], [{ value: four[0].value, type: 'work' }, four[1]]);
});

test('a replace whose filter fits nothing is noTarget; a remove of what is not there is done', { skip }, async () => {
  const user = await addUser(directory);
  assertRefused(await directory.send(`PATCH /Users/${user.id}`, patch({ op: 'replace', path: 'emails[type eq "fax"].value', value: address() })), 400, 'noTarget');
  granted(await directory.send(`PATCH /Users/${user.id}`, patch({ op: 'remove', path: 'emails[type eq "fax"]' })));
});

test('the address that somebody signs in with follows the primary one', { skip }, async () => {
  const [work, home] = [address(), address()];
  const user = await patched([{ op: 'add', path: 'emails', value: [{ value: home.toUpperCase(), type: 'home', primary: true }] }], { emails: [{ value: work, type: 'work', primary: true }] });
  assert.deepEqual(user['emails'], [{ value: work, type: 'work' }, { value: home.toUpperCase(), type: 'home', primary: true }]);
  assert.equal((await ownerDatabase().selectFrom('members').select('email').where('id', '=', String(user['id'])).executeTakeFirst())?.email, home);
});

test('operations are carried out in their order, all or none', { skip }, async () => {
  assert.equal((await patched([{ op: 'replace', path: 'displayName', value: 'One' }, { op: 'remove', path: 'displayName' }, { op: 'add', path: 'displayName', value: 'Two' }]))['displayName'], 'Two');
  const user = await addUser(directory);
  assertRefused(await directory.send(`PATCH /Users/${user.id}`, patch({ op: 'replace', path: 'displayName', value: 'Half' }, { op: 'replace', path: 'nothing', value: 'x' })), 400, 'invalidPath');
  assert.deepEqual(granted(await directory.send(`GET /Users/${user.id}`)), user);
});

test('a change that changes nothing leaves version and log as they are', { skip }, async () => {
  const user = await addUser(directory);
  const body = granted(await directory.send(`PATCH /Users/${user.id}`, patch({ op: 'replace', path: 'displayName', value: user['displayName'] }, { op: 'add', value: { active: true } })));
  assert.deepEqual(body, user);
  const records = await ownerDatabase().selectFrom('audit_records').select('event').where('subject_id', '=', user.id).execute();
  assert.deepEqual(records.map((record) => record.event), ['member.added']);
});

test('what is no operation is refused in the RFC\'s words', { skip }, async () => {
  const user = await addUser(directory);
  const refused = async (sent: Sent, scimType: string) => assertRefused(await directory.send(`PATCH /Users/${user.id}`, sent), 400, scimType);
  await refused({ json: { Operations: [{ op: 'add', path: 'displayName', value: 'x' }] } }, 'invalidSyntax');
  await refused({ json: { schemas: [userUrn], Operations: [{ op: 'add', path: 'displayName', value: 'x' }] } }, 'invalidSyntax');
  for (const operations of [[], undefined, {}, 'x', [7], [{ op: 'move', path: 'displayName', value: 'x' }], [{ path: 'displayName', value: 'x' }]]) await refused({ json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations } }, 'invalidSyntax');
  await refused(patch({ op: 'remove' }), 'noTarget');
  await refused(patch({ op: 'add', path: 'displayName' }), 'invalidValue');
  await refused(patch({ op: 'replace', value: 'x' }), 'invalidValue');
  await refused(patch({ op: 'replace', path: 'displayName', value: ['x'] }), 'invalidValue');
  await refused(patch({ op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue');
  for (const path of ['nothing', 'userName.more', 'name.nothing', 'emails[', 'emails]', 'emails[type eq "work"].nothing', 'displayName[value eq "x"]', 'a.b.c', '[type eq "x"]']) await refused(patch({ op: 'replace', path, value: 'x' }), 'invalidPath');
  for (const path of ['emails[type]', 'emails[]', 'emails[type xx "y"]', 'emails[nothing eq "y"]']) await refused(patch({ op: 'replace', path, value: 'x' }), 'invalidFilter');
  await refused(patch(...Array.from({ length: 1001 }, () => ({ op: 'replace', path: 'displayName', value: 'x' }))), 'invalidValue');
  assert.deepEqual(granted(await directory.send(`GET /Users/${user.id}`)), user);
});

// Entra ID ---------------------------------------------------------------------------------------------------------

test('Entra ID: Add, Replace and Remove with capitals, booleans as text', { skip }, async () => {
  assert.equal((await patched([{ op: 'Replace', path: 'active', value: 'False' }]))['active'], false);
  assert.equal((await patched([{ op: 'Add', path: 'active', value: 'True' }], { active: 'False' }))['active'], true);
  assert.equal('displayName' in (await patched([{ op: 'Remove', path: 'displayName' }])), false);
});

test('Entra ID: a work address is added to somebody who has none', { skip }, async () => {
  const value = address();
  const body = await patched([{ op: 'Add', path: 'emails[type eq "work"].value', value }], { emails: [] });
  assert.deepEqual(body['emails'], [{ type: 'work', value }]);
  const other = address();
  const both = await patched([{ op: 'Add', path: 'emails[type eq "work" and primary eq "True"].value', value: other }], { emails: [] });
  assert.deepEqual(both['emails'], [{ type: 'work', primary: true, value: other }]);
});

test('Entra ID: a replace without a path, with paths for names', { skip }, async () => {
  const value = address();
  const body = await patched([{ op: 'replace', value: { displayName: 'Entra', 'name.givenName': 'En', 'name.familyName': 'Tra', 'emails[type eq "work"].value': value, [`${enterpriseUrn}:department`]: 'Sales', active: 'False' } }]);
  assert.deepEqual([body['displayName'], body['name'], (body['emails'] as Body[])[0]?.['value'], body['active']], ['Entra', { givenName: 'En', familyName: 'Tra' }, value, false]);
});

test('Entra ID: attributes that are not kept are passed over and do not stop the rest', { skip }, async () => {
  const body = await patched([
    { op: 'Add', path: `${enterpriseUrn}:department`, value: 'Sales' }, { op: 'Add', path: `${enterpriseUrn}:manager`, value: [{ $ref: '../Users/x', value: 'x' }] }, { op: 'Add', path: 'title', value: 'Head' },
    { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '+31 10' }, { op: 'Add', path: 'addresses[type eq "work"].country', value: 'NL' }, { op: 'Remove', path: 'preferredLanguage' }, { op: 'Replace', path: 'displayName', value: 'Kept' },
  ]);
  assert.equal(body['displayName'], 'Kept');
});

test('Entra ID: the request by which it tests a connection finds nobody and fails nothing', { skip }, async () => {
  const body = granted(await directory.send(`GET /Users?filter=userName+eq+%22${randomUUID()}%22`));
  assert.deepEqual([body['totalResults'], body['Resources']], [0, []]);
});

// Okta -------------------------------------------------------------------------------------------------------------

test('Okta: deactivates by PATCH without a path, and by PUT of the whole user', { skip }, async () => {
  assert.equal((await patched([{ op: 'replace', value: { active: false } }]))['active'], false);
  const json = somebody();
  const user = granted(await directory.send('POST /Users', { json }), 201);
  const whole = { ...granted(await directory.send(`GET /Users/${user['id']}`)), active: false };
  const body = granted(await directory.send(`PUT /Users/${user['id']}`, { json: whole }));
  assert.equal(body['active'], false);
  assert.equal(granted(await directory.send(`PUT /Users/${user['id']}`, { json: { ...whole, active: true } }))['active'], true, 'and puts back what it took');
});

test('Okta: sends locale, groups, password and its own id, which do no harm', { skip }, async () => {
  const body = granted(await directory.send('POST /Users', { json: somebody({ locale: 'en-US', groups: [], password: '1mz050nq', id: '23a35c27-23d3-4c03-b4c5-6443c09e7173' }) }), 201);
  assert.equal('locale' in body, false);
});
