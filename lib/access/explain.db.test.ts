/** The explanations against the oracle on random companies, their chains of groups, who may ask, and how they are paged. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { isProblem } from '../errors.ts';
import { whatCanRead, whoCanRead } from './explain.ts';
import { addGroups, addMember, buildWorld, oracle, worldShape, type World } from './testing.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const all = { limit: 1000 };

async function removeGrants(admin: MemberActor, grants: string[]): Promise<void> {
  if (grants.length > 0) await transaction(admin, (tx) => tx.deleteFrom('grants').where('id', 'in', grants).execute());
}

/** True when each group of the chain stands in the next, and the member is in the first. */
function isChain(world: World, { member, chain, groupIds }: { member: number; chain: string[]; groupIds: string[] }): boolean {
  if (chain.length === 1 && chain[0] === 'Everyone') return true;
  const steps = chain.map((name) => groupIds.indexOf(name.replace('Group ', '')));
  return world.memberships.some((each) => each.member === member && each.group === steps[0])
    && steps.slice(1).every((outer, index) => world.nestings.some((each) => each.inner === steps[index] && each.outer === outer));
}

test('who can read a document and what a member can read, with every reason, are what the oracle says', async () => {
  const seed = Number(process.hrtime.bigint() % 2_147_483_647n);
  await fc.assert(fc.asyncProperty(worldShape, async (world) => {
    const { people, documents, grants, admin, groupIds } = await buildWorld(world);
    const byDocument: string[] = [];
    try {
      for (const [number, id] of documents.entries()) {
        if (world.documents[number]?.deleted === true) {
          await assert.rejects(whoCanRead(admin, id, all), (error) => isProblem(error, 'not-found'));
          continue;
        }
        const page = await whoCanRead(admin, id, all);
        assert.equal(page.total, page.items.length);
        // A grant to everyone reaches the people of the worlds before, too.
        const told = page.items.flatMap((reader) => reader.reasons.map((reason) => ({ reason, member: people.findIndex((person) => person.id === reader.id) }))).filter(({ member }) => member >= 0);
        byDocument.push(...told.map(({ reason, member }) => `member ${member} document ${number} grant ${grants.indexOf(reason.grantId)}`));
        for (const { reason, member } of told) {
          assert.ok(reason.to.kind === 'member' ? reason.chain.length === 0 : isChain(world, { member, chain: reason.chain, groupIds }), JSON.stringify(reason));
          assert.equal(reason.chain.at(-1), reason.to.kind === 'group' ? reason.to.name : undefined);
        }
      }
      assert.deepEqual(byDocument.toSorted(), oracle(world));
      for (const [number, person] of people.entries()) {
        const page = await whatCanRead(person, person.id, all).catch((error: unknown) => (isProblem(error, 'not-found') && world.disabled.includes(number) ? null : Promise.reject(error as Error)));
        if (page === null) continue;
        const expected = oracle(world).filter((line) => line.startsWith(`member ${number} `));
        assert.equal(page.documents, new Set(expected.map((line) => line.split(' ')[3])).size);
        const told = page.items.flatMap((object) => object.reasons.map((reason) => grants.indexOf(reason.grantId)));
        const counting = new Set(expected.map((line) => Number(line.split(' ')[5])));
        for (const grant of counting) assert.ok(told.includes(grant), `grant ${grant} is not told`);
      }
    } finally {
      await removeGrants(admin, grants);
    }
  }), { numRuns: 30, seed, verbose: 1 });
});

async function addContent(admin: MemberActor, restricted = false) {
  const [collection, document] = [randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collection, name: `Collection ${collection}` }).execute();
    await tx.insertInto('documents').values({ id: document, collection_id: collection, title: 'Plan', restricted }).execute();
  });
  return { collection, document };
}

test('a reader through a group in a group is told with the shortest way, the end and the right', async () => {
  const [admin, reader] = [await addMember('admin'), await addMember()];
  const [team, unit, house, aside] = await addGroups(4);
  const { collection, document } = await addContent(admin);
  const end = new Date(Date.now() + 86_400_000);
  await transaction(admin, async (tx) => {
    await tx.insertInto('memberships').values({ member_id: reader.id, group_id: team ?? '' }).execute();
    for (const [inner, outer] of [[team, unit], [unit, house], [team, aside], [aside, unit]]) await tx.insertInto('group_nestings').values({ inner_group_id: inner ?? '', outer_group_id: outer ?? '' }).execute();
    await tx.insertInto('grants').values([
      { id: randomUUID(), collection_id: collection, group_id: house ?? '', permission: 'edit', expires_at: end },
      { id: randomUUID(), collection_id: collection, document_id: document, member_id: reader.id, permission: 'read' },
    ]).execute();
  });
  const { items, document: about } = await whoCanRead(admin, document, all);
  assert.deepEqual(about, { id: document, title: 'Plan', restricted: false, collection: { id: collection, name: `Collection ${collection}` } });
  assert.deepEqual(items.map(({ id, reasons }) => ({ id, reasons: reasons.map(({ grantId: _, ...reason }) => reason) })), [{
    id: reader.id,
    reasons: [
      { on: 'collection', permission: 'edit', to: { kind: 'group', id: house, name: `Group ${house}` }, chain: [team, unit, house].map((id) => `Group ${id}`), expiresAt: end.toISOString() },
      { on: 'document', permission: 'read', to: { kind: 'member', id: reader.id, name: items[0]?.name }, chain: [], expiresAt: null },
    ],
  }]);
  const { items: objects, documents } = await whatCanRead(reader, reader.id, all);
  assert.deepEqual([documents, objects.map((object) => [object.document?.id ?? null, object.documents, object.reasons.length])], [1, [[null, 1, 1], [document, 1, 1]]]);
});

test('twenty diamonds of groups on top of each other are explained at once, although there are a million ways through them', async () => {
  const [admin, reader] = [await addMember('admin'), await addMember()];
  const ids = await addGroups(61);
  const { collection, document } = await addContent(admin);
  await transaction(admin, async (tx) => {
    for (let step = 0; step < 20; step += 1) {
      const [below, left, right, above] = [ids[3 * step], ids[3 * step + 1], ids[3 * step + 2], ids[3 * step + 3]];
      for (const [inner, outer] of [[below, left], [below, right], [left, above], [right, above]]) await tx.insertInto('group_nestings').values({ inner_group_id: inner ?? '', outer_group_id: outer ?? '' }).execute();
    }
    await tx.insertInto('memberships').values({ member_id: reader.id, group_id: ids[0] ?? '' }).execute();
    await tx.insertInto('grants').values({ id: randomUUID(), collection_id: collection, group_id: ids[60] ?? '', permission: 'read' }).execute();
  });
  const began = performance.now();
  const { items } = await whoCanRead(admin, document, all);
  assert.equal(items[0]?.reasons[0]?.chain.length, 41);
  assert.ok(performance.now() - began < 5000);
});

test('only admins, compliance and who edits the collection are told who else can read a document', async () => {
  const [admin, compliance, editor, reader, documentEditor, stranger] = [await addMember('admin'), await addMember('compliance'), await addMember(), await addMember(), await addMember(), await addMember()];
  const { collection, document } = await addContent(admin);
  const grant = (values: { member_id: string; permission: 'read' | 'edit'; document_id?: string }) => transaction(admin, (tx) => tx.insertInto('grants').values({ id: randomUUID(), collection_id: collection, ...values }).execute());
  await grant({ member_id: editor.id, permission: 'edit' });
  await grant({ member_id: reader.id, permission: 'read' });
  await grant({ member_id: documentEditor.id, permission: 'edit', document_id: document });
  for (const actor of [admin, compliance, editor]) assert.equal((await whoCanRead(actor, document, all)).total, 3);
  for (const actor of [reader, documentEditor]) await assert.rejects(whoCanRead(actor, document, all), (error) => isProblem(error, 'not-permitted'));
  await assert.rejects(whoCanRead(stranger, document, all), (error) => isProblem(error, 'not-found'));
  // Nor by asking the database itself.
  for (const actor of [reader, documentEditor, stranger]) {
    const rows = await transaction(actor, async (tx) => [
      ...(await sql`select * from readers_of_document(${document})`.execute(tx)).rows,
      ...(await sql`select * from reasons_for_document(${document}, ${[editor.id]}::uuid[])`.execute(tx)).rows,
      ...(await sql`select * from readable_objects_of(${editor.id})`.execute(tx)).rows,
      ...(await sql`select * from reasons_for_member(${editor.id}, ${[collection]}::uuid[])`.execute(tx)).rows,
      ...(await sql<{ count: number }>`select readable_count_of(${editor.id}) as count`.execute(tx)).rows.filter(({ count }) => count > 0),
    ]);
    assert.deepEqual(rows, []);
  }
});

test('everybody may ask about themselves, admins and compliance about everyone, and asking is a record', async () => {
  const [admin, compliance, member, other] = [await addMember('admin'), await addMember('compliance'), await addMember(), await addMember()];
  assert.equal((await whatCanRead(member, member.id, all)).documents, 0);
  for (const actor of [admin, compliance]) assert.equal((await whatCanRead(actor, member.id, all)).member.id, member.id);
  await assert.rejects(whatCanRead(other, member.id, all), (error) => isProblem(error, 'not-found'));
  const { rows } = await transaction(compliance, (tx) => sql<{ actor_id: string }>`select actor_id from audit_records where event = 'access.explained' and subject_id = ${member.id} order by seq`.execute(tx));
  assert.deepEqual(rows.map((row) => row.actor_id), [member.id, admin.id, compliance.id]);
});

test('both lists come page by page, each row once', async () => {
  const admin = await addMember('admin');
  const people = await Promise.all(Array.from({ length: 7 }, () => addMember()));
  const contents = await Promise.all(Array.from({ length: 5 }, (_, index) => addContent(admin, index % 2 === 0)));
  await transaction(admin, async (tx) => {
    for (const { collection, document } of contents) {
      for (const person of people) await tx.insertInto('grants').values({ id: randomUUID(), collection_id: collection, document_id: document, member_id: person.id, permission: 'read' }).execute();
    }
  });
  const first = contents[0];
  const person = people[0];
  assert.ok(first !== undefined && person !== undefined);
  const readers: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await whoCanRead(admin, first.document, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    readers.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  assert.deepEqual(readers.toSorted(), people.map(({ id }) => id).toSorted());
  const objects: (string | undefined)[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await whatCanRead(admin, person.id, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    assert.deepEqual([page.total, page.documents], [5, 5]);
    objects.push(...page.items.map(({ document }) => document?.id));
    cursor = page.next;
  }
  assert.deepEqual(objects.toSorted(), contents.map(({ document }) => document).toSorted());
});
