/**
 * The predicate of who may read what (prisma/migrations/*_nested_groups) against a small oracle in TypeScript, on random
 * companies with groups inside groups; and that no circle of groups can be made, not even by two people at once.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { addGroups, addMember, buildWorld, oracle, worldShape } from './testing.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const nest = (tx: Tx, inner: string | undefined, outer: string | undefined) =>
  tx.insertInto('group_nestings').values({ inner_group_id: inner ?? '', outer_group_id: outer ?? '' }).execute();

test('retrieval and its reasons are what the oracle says, on random companies with groups inside groups', async () => {
  const seed = Number(process.hrtime.bigint() % 2_147_483_647n);
  await fc.assert(fc.asyncProperty(worldShape, async (world) => {
    const { people, documents, grants, admin } = await buildWorld(world);
    const reasons: string[] = [];
    for (const [number, person] of people.entries()) {
      const [read, told] = await transaction(person, async (tx) => [
        (await sql<{ id: string }>`select id from readable_documents() as readable (id)`.execute(tx)).rows.map(({ id }) => documents.indexOf(id)),
        (await sql<{ document_id: string; grant_id: string }>`select * from reasons_of_actor(${documents}::uuid[])`.execute(tx)).rows,
      ] as const);
      const because = told.map((reason) => ({ document: documents.indexOf(reason.document_id), grant: grants.indexOf(reason.grant_id) }));
      assert.deepEqual([...new Set(because.map(({ document }) => document))].toSorted(), read.toSorted());
      reasons.push(...because.map(({ document, grant }) => `member ${number} document ${document} grant ${grant}`));
    }
    assert.deepEqual(reasons.toSorted(), oracle(world));
    // A grant to everyone would reach the people of the next world too.
    if (grants.length > 0) await transaction(admin, (tx) => tx.deleteFrom('grants').where('id', 'in', grants).execute());
  }), { numRuns: 40, seed, verbose: 1 });
});

test('two groups cannot stand inside each other, directly or through others, and not the group of everyone', async () => {
  const admin = await addMember('admin');
  const [one, two, three] = await addGroups(3);
  const attempt = (inner: string | undefined, outer: string | undefined) => transaction(admin, (tx) => nest(tx, inner, outer)).then(() => '', sqlState);
  assert.equal(await attempt(one, two), '');
  assert.equal(await attempt(two, three), '');
  assert.equal(await attempt(three, one), 'ATG01');
  assert.equal(await attempt(two, one), 'ATG01');
  assert.equal(await attempt(one, one), 'ATG01');
  const { id: everyone } = await transaction(admin, (tx) => tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow());
  assert.equal(await attempt(everyone, one), 'ATG02');
  assert.equal(await attempt(one, everyone), 'ATG02');
});

test('of two admins who nest two groups in each other at the same moment one is refused', async () => {
  const admins = [await addMember('admin'), await addMember('admin')] as const;
  for (let round = 0; round < 10; round += 1) {
    const [one, two] = await addGroups(2);
    const outcomes = await Promise.all([
      transaction(admins[0], (tx) => nest(tx, one, two)).then(() => '', sqlState),
      transaction(admins[1], (tx) => nest(tx, two, one)).then(() => '', sqlState),
    ]);
    assert.deepEqual(outcomes.toSorted(), ['', 'ATG01']);
  }
});

test('nobody but an admin nests groups, and nobody may ask the predicate about somebody else', async () => {
  const employee = await addMember();
  const [one, two] = await addGroups(2);
  for (const actor of [employee, await addMember('compliance')]) {
    await assert.rejects(transaction(actor, (tx) => nest(tx, one, two)), /row-level security/);
    for (const name of ['groups_of', 'grants_of', 'readable_documents_of', 'reasons_of']) {
      await assert.rejects(transaction(actor, (tx) => sql`select * from ${sql.raw(name)}(${employee.id}::uuid)`.execute(tx)), /permission denied for function/);
    }
  }
});
