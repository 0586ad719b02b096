/** Provisioning over HTTP: what it may not do, and that whoever leaves has nothing left with the next request. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { z } from 'zod';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { overrideEnv } from '#lib/env.ts';
import { appUrl, call, ownerDatabase, read, signedIn, skip, withId } from '../../testing.ts';
import { addGroup, addUser, assertRefused, granted, makeDirectory, patch, query, resourcesOf, somebody, type Body, type Directory } from './testing.ts';

let directory: Directory;
before(async () => {
  if (skip !== false) return;
  overrideEnv({ ATTEST_URL: appUrl });
  directory = await makeDirectory();
});

/** A browser in which that member is signed in. */
async function browserOf(memberId: string): Promise<TestBrowser> {
  const [token, browser] = [newSessionToken(), testBrowser(appUrl)];
  await ownerDatabase().insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: memberId, expires_at: new Date(Date.now() + 3_600_000) }).execute();
  browser.cookies.set(sessionCookieName(), token);
  return browser;
}

async function keyOf(browser: TestBrowser): Promise<string> {
  return (await read(await call(browser, 'POST /api/keys', { json: { name: 'A program', scopes: ['ask'], days: 1 } }), 201, z.looseObject({ key: z.string() }))).key;
}

const askModels = (key: string): Promise<Response> => fetch(`${appUrl}/v1/models`, { headers: { authorization: `Bearer ${key}` } });

/** The demo's person of that role, as a directory sees them. */
async function demoPerson(role: 'admin' | 'compliance'): Promise<Body & { id: string }> {
  const { id } = await read(await call(signedIn(role), 'GET /api/profile'), 200, withId);
  return { ...granted(await directory.send(`GET /Users/${id}`)), id };
}

const ways: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
  ['PATCH active to false', (id) => directory.send(`PATCH /Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' }))],
  ['PUT with active false', async (id) => directory.send(`PUT /Users/${id}`, { json: { ...granted(await directory.send(`GET /Users/${id}`)), active: false } })],
  ['DELETE', (id) => directory.send(`DELETE /Users/${id}`)],
];
for (const [name, leave] of ways) {
  test(`after ${name}, sessions and keys end with the next request`, { skip }, async () => {
    const { id } = await addUser(directory);
    const browser = await browserOf(id);
    const key = await keyOf(browser);
    assert.deepEqual([(await call(browser, 'GET /api/profile')).status, (await askModels(key)).status], [200, 200]);
    await leave(id);
    assert.deepEqual([(await call(browser, 'GET /api/profile')).status, (await askModels(key)).status], [401, 401]);
    assert.equal((await ownerDatabase().selectFrom('sessions').select('id').where('member_id', '=', id).execute()).length, 0);
  });
}

test('whoever comes back has neither the sessions nor the keys from before', { skip }, async () => {
  const { id } = await addUser(directory);
  const browser = await browserOf(id);
  const key = await keyOf(browser);
  granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', value: { active: false } })));
  granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', value: { active: true } })));
  assert.deepEqual([(await call(browser, 'GET /api/profile')).status, (await askModels(key)).status], [401, 401]);
  assert.equal((await call(await browserOf(id), 'GET /api/profile')).status, 200);
});

test('a membership that a directory takes away takes what it opened with the next request', { skip }, async () => {
  const { id } = await addUser(directory);
  const group = await addGroup(directory, { members: [{ value: id }] });
  const { id: collection } = await read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Tests ${randomUUID()}` } }), 201, withId);
  await read(await call(signedIn('admin'), `POST /api/collections/${collection}/grants`, { json: { to: { kind: 'group', id: group.id }, permission: 'read' } }), 201, withId);
  const browser = await browserOf(id);
  assert.equal((await call(browser, `GET /api/collections/${collection}`)).status, 200);
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'remove', path: `members[value eq "${id}"]` })));
  assert.equal((await call(browser, `GET /api/collections/${collection}`)).status, 404);
});

test('whom an admin has disabled by hand, a directory does not enable', { skip }, async () => {
  const json = somebody();
  const { id } = await addUser(directory, json);
  assert.equal((await call(signedIn('admin'), `PATCH /api/members/${id}`, { json: { disabled: true } })).status, 200);
  const body = granted(await directory.send(`PUT /Users/${id}`, { json: { ...json, displayName: 'A routine update' } }));
  assert.deepEqual([body['displayName'], body['active']], ['A routine update', false]);
  granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'active', value: false })));
  assert.equal(granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'active', value: true })))['active'], false);
});

test('roles are ignored where no admin has mapped one', { skip }, async () => {
  const { id } = await addUser(directory, { roles: [{ value: 'admin', primary: true }, { value: 'compliance' }] });
  assert.equal(await roleOf(id), 'employee');
  granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'roles', value: [{ value: 'admin' }] })));
  assert.equal(await roleOf(id), 'employee');
});

test('a mapped role makes an admin and an employee again, and never touches compliance', { skip }, async () => {
  const mapped = await makeDirectory({ adminRole: 'Attest.Admin' });
  const { id } = await addUser(mapped, { roles: [{ value: 'attest.admin' }] });
  assert.equal(await roleOf(id), 'admin');
  granted(await mapped.send(`PATCH /Users/${id}`, patch({ op: 'remove', path: 'roles' })));
  assert.equal(await roleOf(id), 'employee');
  await addUser(mapped, { roles: [{ value: 'compliance' }] }).then(async (user) => assert.equal(await roleOf(user.id), 'employee'));
  const { id: other } = await addUser(directory);
  await ownerDatabase().updateTable('members').set({ role: 'compliance' }).where('id', '=', other).execute();
  for (const value of [[{ value: 'Attest.Admin' }], [{ value: 'nothing' }]]) granted(await mapped.send(`PATCH /Users/${other}`, patch({ op: 'replace', path: 'roles', value })));
  assert.equal(await roleOf(other), 'compliance');
});

async function roleOf(id: string): Promise<string | undefined> {
  return (await ownerDatabase().selectFrom('members').select('role').where('id', '=', id).executeTakeFirst())?.role;
}

test('the last admin stays, whatever a directory sends', { skip }, async () => {
  const admin = await demoPerson('admin');
  const others = await ownerDatabase().updateTable('members').set({ disabled_at: new Date() }).where('role', '=', 'admin').where('disabled_at', 'is', null).where('id', '<>', admin.id).returning('id').execute();
  try {
    assertRefused(await directory.send(`PATCH /Users/${admin.id}`, patch({ op: 'replace', path: 'active', value: false })), 400, 'mutability');
    assertRefused(await directory.send(`DELETE /Users/${admin.id}`), 400, 'mutability');
    assert.equal((await call(signedIn('admin'), 'GET /api/profile')).status, 200);
  } finally {
    if (others.length > 0) await ownerDatabase().updateTable('members').set({ disabled_at: null }).where('id', 'in', others.map((each) => each.id)).execute();
  }
});

test('the address of a privileged member who has never signed in is not a directory\'s to move', { skip }, async () => {
  const { id } = await addUser(directory);
  await ownerDatabase().updateTable('members').set({ role: 'compliance' }).where('id', '=', id).execute();
  const value = `${randomUUID()}@people.example`;
  assertRefused(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'emails[type eq "work"].value', value })), 400, 'mutability');
  granted(await directory.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'displayName', value: 'But the name is' })));
});

test('people who came without a directory are found by it and taken over', { skip }, async () => {
  const admin = await demoPerson('admin');
  const [found] = resourcesOf(granted(await directory.send(`GET /Users${query({ filter: `userName eq "${String(admin['userName']).toUpperCase()}"` })}`)));
  assert.equal(found?.['id'], admin.id);
  assertRefused(await directory.send('POST /Users', { json: somebody({ userName: admin['userName'], emails: undefined }) }), 409, 'uniqueness');
  const externalId = randomUUID();
  assert.equal(granted(await directory.send(`PATCH /Users/${admin.id}`, patch({ op: 'add', path: 'externalId', value: externalId })))['externalId'], externalId);
});

test('every change leaves a record that names the client and holds no token', { skip }, async () => {
  const user = await addUser(directory);
  const group = await addGroup(directory, { members: [{ value: user.id }] });
  granted(await directory.send(`PATCH /Users/${user.id}`, patch({ op: 'replace', path: 'active', value: false }, { op: 'replace', path: 'displayName', value: 'Left' })));
  granted(await directory.send(`PATCH /Groups/${group.id}`, patch({ op: 'replace', path: 'displayName', value: `Group ${randomUUID()}` }, { op: 'remove', path: 'members' })));
  granted(await directory.send(`DELETE /Users/${user.id}`), 204);
  granted(await directory.send(`DELETE /Groups/${group.id}`), 204);
  const rows = await ownerDatabase().selectFrom('audit_records').select(['event', 'actor_id', 'actor_role', 'body', 'content']).where('subject_id', 'in', [user.id, group.id]).orderBy('seq').execute();
  assert.deepEqual(rows.map((row) => row.event), ['member.added', 'group.added', 'membership.added', 'member.changed', 'group.changed', 'membership.removed', 'member.removed', 'group.removed']);
  for (const row of rows) {
    const body = row.body.toString('utf8');
    const { details } = JSON.parse(body) as { details: { client?: { id: string } } };
    assert.deepEqual([row.actor_id, row.actor_role, details.client?.id], [null, 'scim', directory.id], body);
    assert.ok(!body.includes('people.example') && !body.includes('attest_scim_'), 'what is personal can be erased without the record');
  }
  const changed = JSON.parse(rows.find((row) => row.event === 'member.changed')?.body.toString('utf8') ?? '{}') as { details: Body };
  assert.deepEqual([changed.details['before'], changed.details['after'], changed.details['attributes']], [{ role: 'employee', disabled: false }, { role: 'employee', disabled: true }, ['displayName']]);
});
