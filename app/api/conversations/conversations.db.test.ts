/** A member's conversations on a real database: theirs alone, withheld when a right ends, each act on record. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { MemberActor } from '#lib/actor.ts';
import { ask } from '#lib/answer/testing.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { Problem } from '#lib/errors.ts';
import { addCollection, addDocument, addMember, removeGrants } from '#lib/search/testing.ts';
import { listExamples, saveExamples } from '#lib/conversations/examples.ts';
import { conversationQuery, listConversations, readConversation } from '#lib/conversations/read.ts';
import { deleteConversation, giveFeedback, noteEvidenceOpened, renameConversation, requireTurn, takeFeedbackBack } from '#lib/conversations/write.ts';

let database: TestDatabase;
let admin: MemberActor;
let auditor: MemberActor;
before(async () => {
  database = await openTestDatabase();
  [admin, auditor] = await Promise.all([addMember('Ada', 'admin'), addMember('Cora', 'compliance')]);
});
after(() => database.stop());

async function code(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'done', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
}

async function eventsAbout(column: 'subject_id' | 'turn_id', id: string): Promise<string[]> {
  const rows = await transaction(auditor, (tx) => tx.selectFrom('audit_records').select('event').where(column, '=', id).orderBy('seq').execute());
  return rows.map((row) => row.event);
}

interface Kept { reader: MemberActor; collectionId: string; conversationId: string; turnId: string }

async function answered(): Promise<Kept> {
  const reader = await addMember('Rea');
  const collectionId = await addCollection(admin, 'People', [reader]);
  await addDocument(admin, { collectionId, title: 'Leave policy', texts: ['Primary carers receive 18 weeks of paid parental leave.'] });
  const told = await ask(reader, 'How many weeks of parental leave do primary carers get?');
  const started = told.last('started');
  assert.ok(started);
  return { reader, collectionId, conversationId: started.conversationId, turnId: started.turnId };
}

test('a conversation is read back as it was answered', async () => {
  const { reader, conversationId } = await answered();
  const { turns, title } = await readConversation(reader, conversationId);
  assert.equal(title, 'How many weeks of parental leave do primary carers get?');
  const [turn] = turns;
  assert.equal(turn?.withheld, false);
  assert.equal(turn?.answer?.outcome, 'quoted');
  assert.match(turn?.answer?.text ?? '', /18 weeks of paid parental leave\. \[1\]/);
  assert.deepEqual(turn?.answer?.evidence.map(({ number, title: of, cited, versionNumber }) => [number, of, cited, versionNumber]), [[1, 'Leave policy', true, 1]]);
  assert.ok((turn?.answer?.answeredRecord ?? 0) > (turn?.askedRecord ?? 0));
  assert.match(turn?.createdAt ?? '', /^\d{4}-\d\d-\d\dT/);
});

test('what came nearest is read back with its reason', async () => {
  const { reader } = await answered();
  const told = await ask(reader, 'Is parental leave taxed in Portugal for contractors from Brazil?');
  const { turns } = await readConversation(reader, told.last('started')?.conversationId ?? '');
  assert.deepEqual(turns[0]?.answer?.nearest, told.last('not-found')?.nearest);
  assert.deepEqual(turns[0]?.answer?.evidence, []);
});

test('an answer is withheld once a right behind it is gone; a question that was never answered is not', async () => {
  const { reader, collectionId, conversationId } = await answered();
  await removeGrants(admin, collectionId);
  const [turn] = (await readConversation(reader, conversationId)).turns;
  assert.deepEqual([turn?.withheld, turn?.answer], [true, null]);
  assert.equal(turn?.question, 'How many weeks of parental leave do primary carers get?');
  await transaction(reader, (tx) => sql`insert into turns (id, conversation_id, member_id, ordinal, question, query, asked_record)
    values (gen_random_uuid(), ${conversationId}, ${reader.id}, 2, 'Interrupted?', 'Interrupted?', 0)`.execute(tx));
  const interrupted = (await readConversation(reader, conversationId)).turns[1];
  assert.deepEqual([interrupted?.withheld, interrupted?.answer], [false, null]);
});

test('nobody else reads, renames, deletes, rates, stops or opens, not even an admin or an auditor', async () => {
  const { reader, conversationId, turnId } = await answered();
  const evidence = (await readConversation(reader, conversationId)).turns[0]?.answer?.evidence[0];
  assert.ok(evidence);
  for (const other of [admin, auditor, await addMember('Oth')]) {
    const attempts: (() => Promise<unknown>)[] = [
      () => readConversation(other, conversationId), () => renameConversation(other, conversationId, 'Mine'), () => deleteConversation(other, conversationId),
      () => giveFeedback(other, turnId, { verdict: 'down', comment: '' }), () => requireTurn(other, turnId), () => noteEvidenceOpened(other, evidence.id),
    ];
    for (const attempt of attempts) assert.equal(await code(attempt()), 'not-found');
    assert.deepEqual((await listConversations(other, conversationQuery.parse({}))).items, []);
  }
});

test('renaming, deleting, rating and opening a passage each leave a record', async () => {
  const { reader, conversationId, turnId } = await answered();
  await renameConversation(reader, conversationId, 'Leave');
  await giveFeedback(reader, turnId, { verdict: 'down', comment: 'Not for part-timers' });
  await giveFeedback(reader, turnId, { verdict: 'up', comment: '' });
  const conversation = await readConversation(reader, conversationId);
  assert.equal(conversation.title, 'Leave');
  assert.deepEqual(conversation.turns[0]?.feedback, { verdict: 'up', comment: '' });
  await takeFeedbackBack(reader, turnId);
  await takeFeedbackBack(reader, turnId);
  assert.equal((await readConversation(reader, conversationId)).turns[0]?.feedback, null);
  await noteEvidenceOpened(reader, conversation.turns[0]?.answer?.evidence[0]?.id ?? '');
  await deleteConversation(reader, conversationId);
  assert.equal(await code(readConversation(reader, conversationId)), 'not-found');
  assert.equal(await code(deleteConversation(reader, conversationId)), 'not-found');
  assert.equal(await code(ask(reader, { question: 'And now?', conversationId })), 'not-found');
  assert.deepEqual(await eventsAbout('subject_id', conversationId), ['conversation.renamed', 'conversation.deleted']);
  assert.deepEqual(await eventsAbout('turn_id', turnId), ['question.asked', 'question.answered', 'feedback.given', 'feedback.given', 'feedback.given', 'evidence.opened']);
});

test('history is listed newest first in pages and searched by title and question', async () => {
  const reader = await addMember('His');
  for (const question of ['Where do I park?', 'Who repairs 100% of laptops?', 'What is the dress code?']) await ask(reader, question);
  const first = await listConversations(reader, conversationQuery.parse({ limit: 2 }));
  const second = await listConversations(reader, conversationQuery.parse({ limit: 2, cursor: first.next ?? '' }));
  assert.deepEqual([...first.items, ...second.items].map((row) => row.title), ['What is the dress code?', 'Who repairs 100% of laptops?', 'Where do I park?']);
  assert.equal(second.next, null);
  const found = async (q: string) => (await listConversations(reader, conversationQuery.parse({ q }))).items.map((row) => row.title);
  assert.deepEqual(await found('PARK'), ['Where do I park?']);
  assert.deepEqual(await found('100%'), ['Who repairs 100% of laptops?']);
  assert.deepEqual(await found('%'), ['Who repairs 100% of laptops?']);
  assert.equal(await code(listConversations(reader, conversationQuery.parse({ cursor: 'nonsense' }))), 'invalid-input');
});

test('example questions are shown to those whose documents can answer them', async () => {
  const reader = await addMember('Exa');
  const collectionId = await addCollection(admin, 'Handbook', [reader]);
  await addDocument(admin, { collectionId, title: 'Handbook', texts: ['Text.'] });
  const { name } = await transaction(admin, (tx) => tx.selectFrom('collections').select('name').where('id', '=', collectionId).executeTakeFirstOrThrow());
  const examples = [{ question: 'Open?', collectionNames: [name] }, { question: 'Closed?', collectionNames: [name, 'Board'] }];
  await transaction(admin, (tx) => saveExamples(tx, examples));
  await transaction(admin, (tx) => saveExamples(tx, examples));
  assert.deepEqual(await listExamples(reader), [{ question: 'Open?' }]);
  assert.deepEqual(await listExamples(admin), []);
  await assert.rejects(transaction(reader, (tx) => saveExamples(tx, [])));
});
