/** Provisioning on a real database: ten thousand users, filters in SQL beside filters in memory, and what the role behind it may see. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { ingestActor, scimActor, signInActor } from '../actor.ts';
import { admit } from '../auth/admit.ts';
import { openDatabase } from '../db/pool.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { fulfils } from './filter/evaluate.ts';
import { parseFilter } from './filter/parse.ts';
import { membersOf } from './groups/read.ts';
import { patchGroup, postGroup } from './groups/requests.ts';
import { listGroups } from './groups/read.ts';
import { queryOfAddress } from './query.ts';
import { groupSchema, userSchema } from './schema.ts';
import type { ScimObject } from './types.ts';
import { listUsers } from './users/read.ts';
import { patchUser, postUser } from './users/requests.ts';
import { removeUser } from './users/write.ts';

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());

const client = { id: randomUUID(), name: 'A directory', adminRole: null };
const asking = { client, projection: { only: undefined, without: new Set<string>() }, base: 'https://attest.example/api/scim/v2' };
const patchOf = (...Operations: object[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const ask = (parameters: Record<string, string>) => queryOfAddress(userSchema, new URLSearchParams(parameters));

async function add(attributes: ScimObject): Promise<string> {
  const { resource } = await postUser(asking, { schemas: [userSchema.id], userName: `${randomUUID()}@people.example`, ...attributes });
  return String(resource['id']);
}

test('ten thousand users and a group of all of them are paged, found and changed quickly', { timeout: 170_000 }, async () => {
  await transaction(scimActor, async (tx) => {
    await sql`
      insert into members (id, email, name, role, user_name, external_id, provisioned)
      select gen_random_uuid(), 'many' || n || '@people.example', 'Many ' || n, 'employee', 'many' || n || '@people.example', 'x' || n,
        jsonb_build_object('userName', 'many' || n || '@people.example', 'displayName', 'Many ' || n, 'emails', jsonb_build_array(jsonb_build_object('value', 'many' || n || '@people.example', 'type', 'work')))
      from generate_series(1, 10000) as n`.execute(tx);
  });
  const times: Record<string, number> = {};
  const timed = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const started = performance.now();
    try {
      return await work();
    } finally {
      times[name] = Math.round(performance.now() - started);
    }
  };
  const filter = 'userName sw "many"';
  const seen = new Set<unknown>();
  await timed('every page of 200', async () => {
    for (let startIndex = 1; startIndex <= 10_000; startIndex += 200) {
      const { total, resources } = await listUsers(ask({ filter, startIndex: String(startIndex), count: '1000' }), asking.base);
      assert.deepEqual([total, resources.length], [10_000, 200]);
      for (const user of resources) seen.add(user['id']);
    }
  });
  assert.equal(seen.size, 10_000, 'nobody is on two pages');
  await timed('one by userName', async () => assert.equal((await listUsers(ask({ filter: 'userName eq "MANY4711@people.example"' }), asking.base)).total, 1));
  await timed('one by address', async () => assert.equal((await listUsers(ask({ filter: 'emails[type eq "work" and value eq "many4711@people.example"]' }), asking.base)).total, 1));
  await timed('sorted', async () => assert.equal((await listUsers(ask({ filter, sortBy: 'displayName', count: '1' }), asking.base)).resources[0]?.['displayName'], 'Many 1'));
  const members = [...seen].map((value) => ({ value: String(value) }));
  const group = await timed('a group of all', () => postGroup(asking, { schemas: [groupSchema.id], displayName: 'All', members }));
  const id = String(group.resource['id']);
  const one = members[0]?.value ?? '';
  await timed('one taken out', () => patchGroup({ ...asking, projection: { only: undefined, without: new Set(['members']) } }, { id, ifMatch: null }, patchOf({ op: 'remove', path: `members[value eq "${one}"]` })));
  assert.equal((await transaction(scimActor, (tx) => membersOf(tx, [id]))).get(id)?.length, 9999);
  await timed('groups without members', () => listGroups({ ...queryOfAddress(groupSchema, new URLSearchParams({ excludedAttributes: 'members' })) }, asking.base));
  const records = await sql<{ count: number }>`select count(*) as count from audit_records where subject_id = ${id}`.execute(ownerView());
  assert.equal(records.rows[0]?.count, 22, 'the group, twenty records of 500 members each, and the one that left');
  // Generous: on two busy cores and the embedded database these take up to a fifth of it.
  for (const [name, limit] of Object.entries({ 'every page of 200': 60_000, 'one by userName': 1000, 'one by address': 3000, sorted: 3000, 'a group of all': 20_000, 'one taken out': 3000, 'groups without members': 2000 })) {
    assert.ok((times[name] ?? Infinity) <= limit, `${name} took ${times[name]} ms of ${limit}: ${JSON.stringify(times)}`);
  }
});

/** The database without row-level security, for counting records. */
function ownerView(): ReturnType<typeof openDatabase> {
  owner ??= openDatabase(database.url, 1);
  return owner;
}
let owner: ReturnType<typeof openDatabase> | undefined;
after(() => owner?.destroy());

test('a filter finds in SQL whom it finds in memory', { timeout: 120_000 }, async (context) => {
  const mark = randomUUID().slice(0, 8);
  const texts = ['a', 'B', 'ab', 'Ba', 'a b', '%', '_', 'é'] as const;
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const text = (offset: number): string => texts[(index * 5 + offset) % texts.length] ?? 'a';
    ids.push(await add({
      displayName: `${mark}`, externalId: text(1),
      ...(index % 3 === 0 ? {} : { name: { givenName: text(2), ...(index % 2 === 0 ? { familyName: text(3) } : {}) } }),
      ...(index % 4 === 0 ? {} : { roles: [{ value: text(4), type: text(5) }, { value: text(6), primary: true }].slice(0, (index % 3) + 1) }),
      active: index % 2 === 0,
    }));
  }
  const users = (await listUsers(ask({ filter: `displayName eq "${mark}"`, count: '200' }), asking.base)).resources;
  assert.equal(users.length, ids.length);

  const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
  const literal = fc.constantFrom(...texts).map((text) => JSON.stringify(text));
  const comparison = (paths: readonly string[]) => fc.tuple(fc.constantFrom(...paths), operator, literal).map((parts) => parts.join(' '));
  const simple = fc.oneof(
    comparison(['externalId', 'name.givenName', 'name.familyName', 'roles.value', 'roles.type', 'roles', 'title']),
    fc.tuple(fc.constantFrom('name', 'name.familyName', 'roles', 'roles.type', 'externalId', 'title', 'emails'), fc.constant('pr')).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom('name.givenName', 'roles.type', 'title'), fc.constantFrom('eq', 'ne'), fc.constant('null')).map((parts) => parts.join(' ')),
    fc.constantFrom('active eq true', 'active ne true', 'active eq "False"'),
    fc.tuple(comparison(['value', 'type']), fc.constantFrom('and', 'or'), fc.oneof(comparison(['value', 'type']), fc.constantFrom('primary eq true', 'not (type pr)'))).map((parts) => `roles[${parts.join(' ')}]`),
  );
  const { whole } = fc.letrec<{ whole: string }>((tie) => ({
    whole: fc.oneof({ maxDepth: 3 }, simple, fc.tuple(tie('whole'), fc.constantFrom('and', 'or'), tie('whole')).map((parts) => `(${parts.join(' ')})`), tie('whole').map((inner) => `not (${inner})`)),
  }));
  const report = await fc.check(fc.asyncProperty(whole, async (filter) => {
    const found = await listUsers(ask({ filter: `displayName eq "${mark}" and (${filter})`, count: '200' }), asking.base);
    const tree = parseFilter(filter, userSchema);
    assert.deepEqual(found.resources.map((user) => user['id']).sort(), users.filter((user) => fulfils(tree, user)).map((user) => user['id']).sort(), filter);
  }), { numRuns: 150 });
  context.diagnostic(`seed ${report.seed}`);
  assert.equal(report.failed, false, String(report.errorInstance));
});

test('the role behind provisioning sees no document, question, session or key, and gives nobody compliance', async () => {
  for (const table of ['documents', 'chunks', 'collections', 'conversations', 'turns', 'answers', 'evidence', 'sessions', 'api_keys', 'audit_records', 'settings']) {
    await assert.rejects(transaction(scimActor, (tx) => sql`select * from ${sql.table(table)} limit 1`.execute(tx)), /permission denied/, table);
  }
  const id = await add({});
  await assert.rejects(transaction(scimActor, (tx) => tx.updateTable('members').set({ role: 'compliance' }).where('id', '=', id).execute()), /never changes the role compliance/);
  await assert.rejects(transaction(scimActor, (tx) => tx.insertInto('members').values({ id: randomUUID(), email: 'c@people.example', name: 'C', role: 'compliance' }).execute()), /row-level security/);
  await assert.rejects(transaction(ingestActor, (tx) => tx.selectFrom('scim_clients').select('id').execute()), /permission denied/);
});

test('somebody who was provisioned signs in by a verified address and keeps what the directory gave', async () => {
  const address = `${randomUUID()}@people.example`;
  const id = await add({ userName: `u-${address}`, emails: [{ value: address.toUpperCase(), type: 'work' }] });
  const { resource: group } = await postGroup(asking, { schemas: [groupSchema.id], displayName: `Group ${randomUUID()}`, members: [{ value: id }] });
  const identity = { provider: 'company', subject: randomUUID(), name: 'Somebody', groups: [], role: undefined };
  const signIn = (verified: boolean) => admit({ ...identity, email: { address, verified } } as Parameters<typeof admit>[0]);
  assert.ok('refusal' in (await signIn(false)));
  const admitted = await signIn(true);
  assert.ok('memberId' in admitted && admitted.memberId === id, JSON.stringify(admitted));
  const standing = await transaction(signInActor, (tx) => tx.selectFrom('memberships').select(['group_id', 'origin']).where('member_id', '=', id).execute());
  assert.deepEqual(standing, [{ group_id: String(group['id']), origin: 'scim' }], 'a missing groups claim takes away nothing that a directory gave');
});

test('whoever is removed cannot sign in, until the directory adds them again; then they are somebody new', async () => {
  const address = `${randomUUID()}@people.example`;
  const identity = { provider: 'company', subject: randomUUID(), name: 'Somebody', groups: [], role: undefined, email: { address, verified: true } } as Parameters<typeof admit>[0];
  const first = await add({ userName: address, externalId: 'same' });
  await admit(identity);
  await removeUser(client, { id: first, ifMatch: null });
  assert.deepEqual(await admit(identity), { refusal: 'member-disabled', memberId: first });
  const second = await add({ userName: address, externalId: 'same' });
  const admitted = await admit(identity);
  assert.ok('memberId' in admitted && !('refusal' in admitted) && admitted.memberId === second && second !== first, JSON.stringify(admitted));
});

test('an address that goes to somebody else lets the one before in nowhere', async () => {
  const address = `${randomUUID()}@people.example`;
  const before_ = { provider: 'company', subject: randomUUID(), name: 'Before', groups: [], role: undefined, email: { address, verified: true } } as Parameters<typeof admit>[0];
  const first = await add({ userName: address, externalId: 'one' });
  await admit(before_);
  await removeUser(client, { id: first, ifMatch: null });
  await add({ userName: address, externalId: 'another' });
  assert.ok('refusal' in (await admit({ ...before_, email: { address: `${randomUUID()}@people.example`, verified: true } })));
});

test('whom an admin lets in again is there for the directory again, also when name and address have gone to somebody else', async () => {
  const address = `${randomUUID()}@people.example`;
  const ids: string[] = [];
  for (const externalId of ['one', 'another']) {
    ids.push(await add({ userName: address, externalId }));
    await removeUser(client, { id: ids.at(-1) ?? '', ifMatch: null });
  }
  for (const id of ids) await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: null }).where('id', '=', id).execute());
  const found = await listUsers(ask({ filter: ids.map((id) => `id eq "${id}"`).join(' or ') }), asking.base);
  assert.deepEqual(found.resources.map((user) => user['active']), [true, true]);
});

test('a change whose record cannot be written is not made', async () => {
  const id = await add({ displayName: 'Before' });
  const db = ownerView();
  await sql`create or replace function claim_audit_seq(out seq bigint, out at timestamptz) language plpgsql as $$ begin raise exception 'no log'; end $$`.execute(db);
  await assert.rejects(patchUser(asking, { id, ifMatch: null }, patchOf({ op: 'replace', path: 'displayName', value: 'After' })), /record could not be written/);
  await assert.rejects(removeUser(client, { id, ifMatch: null }), /record could not be written/);
  const row = await sql<{ name: string; removed_at: Date | null }>`select name, removed_at from members where id = ${id}`.execute(db);
  assert.deepEqual(row.rows[0], { name: 'Before', removed_at: null });
});
