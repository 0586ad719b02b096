/** Collections and grants on a real database: who sees what and why, conflicts, ends, and what is recorded. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { signInActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { deleteDocument } from '#lib/documents/change.ts';
import { listDocuments } from '#lib/documents/read.ts';
import { addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { isProblem, type ProblemCode } from '#lib/errors.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { requireMade } from '../access/propose.ts';
import { addGrant as addGrantOrPropose, changeGrant as changeGrantOrPropose, listGrants, newGrant, removeGrant } from './grants.ts';
import { listCollections, readCollection } from './read.ts';
import type { CollectionRow } from './types.ts';
import { addCollection, changeCollection, collectionChange, newCollection, removeCollection } from './write.ts';

// Nothing here is confined to a sensitive group.
const addGrant = async (...given: Parameters<typeof addGrantOrPropose>) => requireMade(await addGrantOrPropose(...given));
const changeGrant = async (...given: Parameters<typeof changeGrantOrPropose>) => requireMade(await changeGrantOrPropose(...given));


const database = await openTestDatabase();
const files = await openTestFiles();
let admin: MemberActor;
let other: MemberActor;
let compliance: MemberActor;
let employee: MemberActor;
let finance: string;
let everyone: string;

before(async () => {
  admin = await addMember('Ada', 'admin');
  other = await addMember('Otto', 'admin');
  compliance = await addMember('Cora', 'compliance');
  employee = await addMember('Emil');
  finance = randomUUID();
  everyone = await transaction(signInActor, async (tx) => {
    await tx.insertInto('groups').values({ id: finance, name: 'Finance' }).execute();
    await tx.insertInto('memberships').values({ member_id: employee.id, group_id: finance }).execute();
    return (await tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow()).id;
  });
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

const rejects = (work: Promise<unknown>, code: ProblemCode): Promise<void> => assert.rejects(work, (error) => isProblem(error, code));
const collection = (): Promise<CollectionRow> => addCollection(admin, { name: `Collection ${randomUUID()}`, description: 'About things.' });
const toGroup = (id: string, permission: 'read' | 'edit' = 'read') => newGrant.parse({ to: { kind: 'group', id }, permission });
const toMember = (id: string, permission: 'read' | 'edit' = 'read') => newGrant.parse({ to: { kind: 'member', id }, permission });
const sees = async (actor: MemberActor, id: string): Promise<CollectionRow | undefined> => (await listCollections(actor)).find((row) => row.id === id);

async function records(collectionId: string): Promise<{ event: string; details: { before?: unknown; after?: unknown } }[]> {
  const { rows } = await transaction(compliance, (tx) => sql<{ event: string; details: { before?: unknown; after?: unknown } }>`
    select event, convert_from(body, 'UTF8')::json -> 'details' as details from audit_records where collection_id = ${collectionId} order by seq`.execute(tx));
  return rows;
}

test('a collection is seen by admins and compliance only, until somebody is granted it; then with the reason', async () => {
  const made = await collection();
  assert.equal(made.mayManage, true);
  assert.equal(made.mayRead, false);
  assert.deepEqual(made.readers, []);
  assert.equal(await sees(employee, made.id), undefined);
  assert.equal((await sees(compliance, made.id))?.mayManage, false);
  await addGrant(admin, made.id, toGroup(finance));
  await addGrant(admin, made.id, toMember(employee.id, 'edit'));
  await addGrant(admin, made.id, toGroup(everyone));
  const seen = await sees(employee, made.id);
  assert.deepEqual(seen?.because, ['Everyone', 'Finance', 'you']);
  assert.equal(seen.mayRead, true);
  assert.equal(seen.mayEdit, true);
  assert.equal(seen.mayManage, false);
  assert.equal(seen.readers, null);
  assert.deepEqual((await sees(compliance, made.id))?.readers, ['Everyone', 'Finance', 'Emil']);
});

test('a grant counts with the next request and so does taking it away', async () => {
  const made = await collection();
  const grant = await addGrant(admin, made.id, toGroup(finance));
  await uploadDocument(admin, made.id, textUpload('a.txt', randomUUID()));
  assert.equal((await listDocuments(employee, made.id, { limit: 10 })).total, 1);
  await removeGrant(admin, grant.id, grant.revision);
  await rejects(listDocuments(employee, made.id, { limit: 10 }), 'not-found');
});

test('a grant ends by itself when its time has come', async () => {
  const made = await collection();
  const soon = new Date(Date.now() + 700).toISOString();
  await addGrant(admin, made.id, { ...toMember(employee.id), expiresAt: soon });
  assert.equal((await sees(employee, made.id))?.mayRead, true);
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal(await sees(employee, made.id), undefined);
  assert.deepEqual((await sees(admin, made.id))?.readers, []);
  assert.equal((await listGrants(admin, made.id)).length, 1);
  await rejects(addGrant(admin, made.id, { ...toGroup(finance), expiresAt: '2020-01-01T00:00:00Z' }), 'invalid-input');
});

test('of two admins editing the same grant the second is told, and nothing of theirs is saved', async () => {
  const made = await collection();
  const grant = await addGrant(admin, made.id, toGroup(finance));
  const changed = await changeGrant(admin, grant.id, { permission: 'edit', expiresAt: null, revision: grant.revision });
  assert.equal(changed.revision, grant.revision + 1);
  await assert.rejects(changeGrant(other, grant.id, { permission: 'read', expiresAt: null, revision: grant.revision }), (error) => {
    assert.ok(isProblem(error, 'edit-conflict'));
    assert.deepEqual(error.data['current'], changed);
    return true;
  });
  await rejects(removeGrant(other, grant.id, grant.revision), 'edit-conflict');
  const results = await Promise.allSettled([admin, other].map((actor) => changeGrant(actor, grant.id, { permission: 'read', expiresAt: null, revision: changed.revision })));
  assert.deepEqual(results.map((result) => result.status).sort(), ['fulfilled', 'rejected']);
  await removeGrant(other, grant.id, changed.revision + 1);
  await rejects(changeGrant(admin, grant.id, { permission: 'read', expiresAt: null, revision: 1 }), 'not-found');
  const found = (await records(made.id)).filter((record) => record.event.startsWith('grant.'));
  assert.deepEqual(found.map((record) => record.event), ['grant.added', 'grant.changed', 'grant.changed', 'grant.removed']);
  const facts = (permission: string) => ({ to: { kind: 'group', id: finance, name: 'Finance' }, permission, expiresAt: null });
  assert.deepEqual([found[1]?.details.before, found[1]?.details.after], [facts('read'), facts('edit')]);
  assert.deepEqual([found[3]?.details.before, found[3]?.details.after], [facts('read'), null]);
});

test('a grant is for somebody who exists, once, and for a document of that collection', async () => {
  const [made, elsewhere] = [await collection(), await collection()];
  await addGrant(admin, made.id, toGroup(finance));
  await rejects(addGrant(admin, made.id, toGroup(finance, 'edit')), 'already-exists');
  await rejects(addGrant(admin, made.id, toGroup(randomUUID())), 'invalid-input');
  await rejects(addGrant(admin, made.id, toMember(randomUUID())), 'invalid-input');
  await rejects(addGrant(admin, randomUUID(), toGroup(finance)), 'not-found');
  const document = await uploadDocument(admin, elsewhere.id, textUpload('b.txt', randomUUID()));
  await rejects(addGrant(admin, made.id, { ...toMember(employee.id), documentId: document.id }), 'invalid-input');
  const grant = await addGrant(admin, elsewhere.id, { ...toMember(employee.id), documentId: document.id });
  assert.equal(grant.documentId, document.id);
  assert.equal((await listDocuments(employee, elsewhere.id, { limit: 10 })).total, 1);
  assert.deepEqual((await sees(admin, elsewhere.id))?.readers, []);
});

test('only admins change collections and grants, whatever a caller sends', async () => {
  const made = await collection();
  const grant = await addGrant(admin, made.id, toGroup(finance));
  for (const actor of [employee, compliance]) {
    await assert.rejects(addCollection(actor, { name: `Mine ${randomUUID()}`, description: '' }), /row-level security/);
    await assert.rejects(addGrant(actor, made.id, toMember(actor.id)));
    await assert.rejects(changeGrant(actor, grant.id, { permission: 'edit', expiresAt: null, revision: 1 }));
    await assert.rejects(removeGrant(actor, grant.id, 1));
    await assert.rejects(changeCollection(actor, made.id, { name: 'Mine', revision: 1 }));
    await assert.rejects(removeCollection(actor, made.id));
  }
  assert.deepEqual(await listGrants(admin, made.id), [grant]);
  assert.deepEqual((await listGrants(employee, made.id)).map((own) => own.id), [grant.id]);
});

test('a collection is renamed once for each revision, and names are told apart without regard to case', async () => {
  const made = await collection();
  const renamed = await changeCollection(admin, made.id, { name: `${made.name} new`, revision: made.revision });
  assert.equal(renamed.description, 'About things.');
  await rejects(changeCollection(other, made.id, { name: 'Too late', revision: made.revision }), 'edit-conflict');
  await rejects(addCollection(admin, { name: renamed.name.toUpperCase(), description: '' }), 'already-exists');
  const second = await collection();
  await rejects(changeCollection(admin, second.id, { name: renamed.name, revision: 1 }), 'already-exists');
  assert.deepEqual((await records(made.id)).map((record) => record.event), ['collection.added', 'collection.changed']);
});

test('a name or description with characters that are not text is refused', () => {
  for (const text of ['a\u0000b', 'a\ud800b', 'a\nb\u0007']) {
    assert.equal(newCollection.safeParse({ name: text }).success, false);
    assert.equal(collectionChange.safeParse({ name: text, revision: 1 }).success, false);
  }
  assert.equal(newCollection.safeParse({ name: 'a', description: 'a\ud800b' }).success, false);
  assert.equal(newCollection.safeParse({ name: 'Ärzte \u{1f469}', description: 'Two\nlines' }).success, true);
});

test('only an empty collection is removed; its grants go with it and its name is free again', async () => {
  const made = await collection();
  await addGrant(admin, made.id, toGroup(finance));
  const document = await uploadDocument(admin, made.id, textUpload('c.txt', randomUUID()));
  await rejects(removeCollection(admin, made.id), 'edit-conflict');
  await deleteDocument(admin, document.id);
  await removeCollection(admin, made.id);
  for (const actor of [admin, compliance, employee]) await rejects(readCollection(actor, made.id), 'not-found');
  await rejects(removeCollection(admin, made.id), 'not-found');
  await rejects(uploadDocument(admin, made.id, textUpload('d.txt', randomUUID())), 'not-found');
  await rejects(addGrant(admin, made.id, toGroup(finance)), 'not-found');
  await addCollection(admin, { name: made.name, description: '' });
  assert.deepEqual((await records(made.id)).at(-1)?.event, 'collection.removed');
});

test('counts follow the documents that the asker may know of', async () => {
  const made = await collection();
  await uploadDocument(admin, made.id, textUpload('one.txt', randomUUID()));
  const two = await uploadDocument(admin, made.id, textUpload('two.txt', randomUUID()));
  await addGrant(admin, made.id, { ...toMember(employee.id), documentId: two.id });
  assert.deepEqual([(await sees(admin, made.id))?.documents, (await sees(admin, made.id))?.unfinished], [2, 2]);
  assert.equal((await sees(employee, made.id))?.documents, 1);
});
