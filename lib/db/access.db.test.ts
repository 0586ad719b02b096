/** The may-read predicate and the policies on it, table by table, on a real database. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { ingestActor, seedActor, type MemberActor, type Role } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from './testing.ts';
import { transaction } from './transaction.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

async function member(role: Role = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  const actor = { kind: 'member', id, role, name: `Member ${id.slice(0, 4)}`, email: `${id}@example.test` } as const;
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name: actor.name, role }).execute());
  return actor;
}

async function group(...members: MemberActor[]): Promise<string> {
  const id = randomUUID();
  await transaction(seedActor, async (tx) => {
    await tx.insertInto('groups').values({ id, name: `Group ${id}` }).execute();
    for (const each of members) await tx.insertInto('memberships').values({ group_id: id, member_id: each.id }).execute();
  });
  return id;
}

interface Content { collection: string; document: string }

/** A collection with one document of one ready version with one block, chunk, posting and vector. */
async function content(admin: MemberActor): Promise<Content> {
  const [collection, document, version] = [randomUUID(), randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collection, name: `Collection ${collection}` }).execute();
    await tx.insertInto('documents').values({ id: document, collection_id: collection, title: 'Plan' }).execute();
    await tx.insertInto('versions').values({ id: version, document_id: document, number: 1, file_name: 'plan.md', format: 'markdown', bytes: 4, sha256: '0'.repeat(64) }).execute();
  });
  await transaction(ingestActor, async (tx) => {
    const ids = { version_id: version, document_id: document };
    await tx.insertInto('blocks').values({ ...ids, ordinal: 0, body: '{}' }).execute();
    const chunk = await tx.insertInto('chunks').values({ ...ids, ordinal: 0, text: 'plan', text_sha256: createHash('sha256').update('plan').digest('hex'), place: '{}', term_count: 1 }).returning('id').executeTakeFirstOrThrow();
    await tx.insertInto('postings').values({ ...ids, term: 'plan', chunk_ids: [chunk.id], frequencies: [1] }).execute();
    const model = await tx.insertInto('embedding_models').values({ name: version, dimensions: 2 }).returning('id').executeTakeFirstOrThrow();
    await tx.insertInto('vectors').values({ ...ids, embedding_model_id: model.id, chunk_id: chunk.id, embedding: '[1,0]' }).execute();
    await tx.updateTable('versions').set({ state: 'ready', valid_from: new Date() }).where('id', '=', version).execute();
  });
  return { collection, document };
}

async function grant(admin: MemberActor, values: { collection: string; document?: string; group?: string; member?: string; permission?: 'read' | 'edit'; expiresAt?: Date }): Promise<string> {
  const id = randomUUID();
  await transaction(admin, (tx) => tx.insertInto('grants').values({
    id, collection_id: values.collection, document_id: values.document ?? null, group_id: values.group ?? null, member_id: values.member ?? null,
    permission: values.permission ?? 'read', expires_at: values.expiresAt ?? null,
  }).execute());
  return id;
}

const contentTables = ['documents', 'versions', 'blocks', 'chunks', 'postings', 'vectors'] as const;

/** How many rows of each content table that belong to the document the actor can see. */
async function visible(actor: MemberActor, document: string): Promise<number[]> {
  return transaction(actor, async (tx) => {
    const counts = [];
    for (const table of contentTables) {
      const key = table === 'documents' ? 'id' : 'document_id';
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where ${sql.ref(key)} = ${document}`.execute(tx);
      counts.push(rows[0]?.n ?? -1);
    }
    return counts;
  });
}
const all = [1, 1, 1, 1, 1, 1];
const none = [0, 0, 0, 0, 0, 0];
const metadata = [1, 1, 0, 0, 0, 0];

test('without a grant a member sees nothing of a document, and an admin only that it exists', async () => {
  const [admin, employee, compliance] = [await member('admin'), await member(), await member('compliance')];
  const { document } = await content(admin);
  assert.deepEqual(await visible(employee, document), none);
  assert.deepEqual(await visible(admin, document), metadata);
  assert.deepEqual(await visible(compliance, document), metadata);
});

test('a grant to a member, to a group or to everyone opens it, and removing it closes it at the next request', async () => {
  const [admin, employee] = [await member('admin'), await member()];
  const { collection, document } = await content(admin);
  for (const to of [{ member: employee.id }, { group: await group(employee) }]) {
    const id = await grant(admin, { collection, ...to });
    assert.deepEqual(await visible(employee, document), all);
    await transaction(admin, (tx) => tx.deleteFrom('grants').where('id', '=', id).execute());
    assert.deepEqual(await visible(employee, document), none);
  }
});

test('a grant that has ended counts for nothing', async () => {
  const [admin, employee] = [await member('admin'), await member()];
  const { collection, document } = await content(admin);
  await grant(admin, { collection, member: employee.id, expiresAt: new Date(Date.now() - 1000) });
  assert.deepEqual(await visible(employee, document), none);
});

test('a restricted document counts only grants on itself', async () => {
  const [admin, reader, chosen] = [await member('admin'), await member(), await member()];
  const { collection, document } = await content(admin);
  await grant(admin, { collection, member: reader.id });
  await grant(admin, { collection, document, member: chosen.id });
  await transaction(admin, (tx) => tx.updateTable('documents').set({ restricted: true }).where('id', '=', document).execute());
  assert.deepEqual(await visible(reader, document), none);
  assert.deepEqual(await visible(chosen, document), all);
});

test('a disabled member and a deleted document are out of reach whatever the grants say', async () => {
  const [admin, employee, leaver] = [await member('admin'), await member(), await member()];
  const { collection, document } = await content(admin);
  await grant(admin, { collection, group: await group(employee, leaver) });
  await transaction(admin, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', leaver.id).execute());
  assert.deepEqual(await visible(leaver, document), none);
  await transaction(admin, (tx) => tx.updateTable('documents').set({ deleted_at: new Date() }).where('id', '=', document).execute());
  assert.deepEqual(await visible(employee, document), none);
});

test('reading is not editing: only an edit grant or the admin role lets a member add a document', async () => {
  const [admin, reader, editor] = [await member('admin'), await member(), await member()];
  const { collection } = await content(admin);
  await grant(admin, { collection, member: reader.id });
  await grant(admin, { collection, member: editor.id, permission: 'edit' });
  const add = (actor: MemberActor) => transaction(actor, (tx) => tx.insertInto('documents').values({ id: randomUUID(), collection_id: collection, title: 'New' }).execute());
  await assert.rejects(add(reader), /row-level security/);
  await add(editor);
  await add(admin);
});

test('members, even admins, cannot grant themselves a role, read others\' conversations or the audit log', async () => {
  const [admin, employee] = [await member('admin'), await member()];
  const id = randomUUID();
  await transaction(employee, (tx) => tx.insertInto('conversations').values({ id, member_id: employee.id, title: 'Private' }).execute());
  const promoted = await transaction(employee, (tx) => tx.updateTable('members').set({ role: 'admin' }).where('id', '=', employee.id).executeTakeFirst());
  assert.equal(promoted.numUpdatedRows, 0n);
  for (const actor of [admin, await member('compliance')]) {
    assert.deepEqual(await transaction(actor, (tx) => tx.selectFrom('conversations').select('id').where('id', '=', id).execute()), []);
  }
  assert.deepEqual(await transaction(admin, (tx) => tx.selectFrom('audit_records').select('seq').execute()), []);
  await assert.rejects(
    transaction(employee, (tx) => tx.insertInto('conversations').values({ id: randomUUID(), member_id: admin.id, title: 'Forged' }).execute()),
    /row-level security/,
  );
});

test('an actor that does not exist, or no actor at all, sees nothing', async () => {
  const admin = await member('admin');
  const { collection, document } = await content(admin);
  const { id: everyone } = await transaction(seedActor, (tx) => tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow());
  await grant(admin, { collection, group: everyone });
  assert.deepEqual(await visible(await member(), document), all);
  assert.deepEqual(await visible({ ...admin, id: randomUUID() }, document), none);
  const unnamed = await transaction({ ...admin, id: '' }, (tx) => tx.selectFrom('documents').select('id').execute());
  assert.deepEqual(unnamed, []);
});

test('thirty interleaved transactions of different actors on one pool each see only their own rows', async () => {
  const admin = await member('admin');
  const people = await Promise.all(Array.from({ length: 5 }, () => member()));
  const documents = await Promise.all(people.map(async (person) => {
    const made = await content(admin);
    await grant(admin, { collection: made.collection, member: person.id });
    return made.document;
  }));
  await Promise.all(Array.from({ length: 30 }, async (_, turn) => {
    const index = turn % people.length;
    const person = people[index];
    assert.ok(person !== undefined);
    const seen = await transaction(person, (tx) => tx.selectFrom('chunks').select('document_id').where('document_id', 'in', documents).execute());
    assert.deepEqual(seen.map((row) => row.document_id), [documents[index]]);
  }));
});

test('an identity does not outlive its transaction', async () => {
  const admin = await member('admin');
  await assert.rejects(transaction(admin, () => Promise.reject(new Error('stop'))), /stop/);
  const left = await transaction(ingestActor, (tx) => sql<{ actor: string }>`select current_setting('attest.actor', true) as actor`.execute(tx));
  assert.equal(left.rows[0]?.actor, '');
});
