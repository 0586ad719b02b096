/** Answers without a model, on a real database: rights, records, and what happens when they cannot be written. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { addCollection, addDocument, addMember, removeGrants } from '../search/testing.ts';
import { ask, type Told } from './testing.ts';

let database: TestDatabase;
let admin: MemberActor;
let auditor: MemberActor;
before(async () => {
  database = await openTestDatabase();
  [admin, auditor] = await Promise.all([addMember('Ada', 'admin'), addMember('Cora', 'compliance')]);
});
after(() => database.stop());

const leaveTexts = [
  'Primary carers receive 18 weeks of paid parental leave. It must be taken within two years of the birth.',
  'Secondary carers receive 6 weeks of paid parental leave.',
];

async function records(turnId: string): Promise<{ event: string; outcome: string; details: Record<string, unknown>; content: Record<string, unknown> }[]> {
  return transaction(auditor, async (tx) => {
    const rows = await tx.selectFrom('audit_records').selectAll().where('turn_id', '=', turnId).orderBy('seq').execute();
    return rows.map((row) => ({
      event: row.event, outcome: row.outcome, details: (JSON.parse(row.body.toString()) as { details: Record<string, unknown> }).details,
      content: JSON.parse(row.content?.toString() ?? '{}') as Record<string, unknown>,
    }));
  });
}

function turnOf(told: Told): string {
  return told.last('started')?.turnId ?? '';
}

async function code(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'answered', (error: unknown) => (error instanceof Problem ? error.code : String(error)));
}

test('a question is answered in quotes with its sources first, and both records are kept', async () => {
  const reader = await addMember('Rea');
  const open = await addCollection(admin, 'People', [reader]);
  const documentId = await addDocument(admin, { collectionId: open, title: 'Leave policy', texts: leaveTexts });
  const told = await ask(reader, 'How many weeks of parental leave do primary carers get?');
  const order = told.events.map((event) => event.type);
  assert.deepEqual(order, ['started', 'searched', 'quoting', 'text', 'sentences', 'done']);
  assert.match(told.last('text')?.text ?? '', /^Primary carers receive 18 weeks of paid parental leave\. \[\d\]/);
  const done = told.last('done');
  assert.equal(done?.outcome, 'quoted');
  assert.ok(told.last('sentences')?.sentences.every((sentence) => sentence.support === 'supported'));

  const [asked, answered] = await records(turnOf(told));
  assert.deepEqual([asked?.event, asked?.content['question']], ['question.asked', 'How many weeks of parental leave do primary carers get?']);
  assert.deepEqual([answered?.event, answered?.outcome], ['question.answered', 'quoted']);
  const evidence = answered?.content['evidence'] as { text: string; textSha256: string }[];
  assert.deepEqual(evidence.map((each) => each.text).toSorted(), leaveTexts.toSorted());
  for (const each of evidence) assert.equal(each.textSha256, createHash('sha256').update(each.text).digest('hex'));
  const served = answered?.details['evidence'] as { documentId: string; readableBecause: { to: string; on: string }[] }[];
  assert.deepEqual(served[0]?.readableBecause.map(({ to, on }) => [to, on]), [['the member', 'collection']]);
  assert.equal(served[0]?.documentId, documentId);
});

test('the same question by two people with different rights gets two honest answers', async () => {
  const [board, staff] = await Promise.all([addMember('Bo'), addMember('Sam')]);
  const open = await addCollection(admin, 'News', [board, staff]);
  const closed = await addCollection(admin, 'Board', [board]);
  await addDocument(admin, { collectionId: open, title: 'Town hall notes', texts: ['The Oslo office stays open. Questions about the Oslo office go to Facilities.'] });
  await addDocument(admin, { collectionId: closed, title: 'Board memo', texts: ['The Oslo office closes on 30 June 2027.'] });
  const [forBoard, forStaff] = await Promise.all([ask(board, 'When does the Oslo office close?'), ask(staff, 'When does the Oslo office close?')]);
  assert.match(forBoard.last('text')?.text ?? '', /closes on 30 June 2027/);
  assert.doesNotMatch(JSON.stringify(forStaff.events), /30 June|Board memo/);
  assert.equal(forStaff.last('searched')?.documents, 1);
});

test('what the documents do not hold is not answered, and what came nearest says why', async () => {
  const reader = await addMember('Nell');
  const open = await addCollection(admin, 'People', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Leave policy', texts: leaveTexts });
  const told = await ask(reader, 'What is the cafeteria wifi password in Singapore?');
  assert.equal(told.last('done')?.outcome, 'not-found');
  assert.equal(told.last('text'), undefined);
  const [, answered] = await records(turnOf(told));
  assert.equal(answered?.outcome, 'abstained');
  const near = await ask(reader, 'Is parental leave taxed in Portugal for contractors from Brazil?');
  assert.equal(near.last('done')?.outcome, 'not-found');
  assert.match(near.last('not-found')?.nearest[0]?.why ?? '', /mentions “parental” and “leave”, but not “taxed”/);
});

test('a person who may read nothing is told so, not an error', async () => {
  const told = await ask(await addMember('Nobody'), 'How many weeks of parental leave do I get?');
  assert.equal(told.last('done')?.outcome, 'not-found');
  assert.deepEqual(told.last('not-found')?.nearest, []);
});

test('only chosen collections are asked', async () => {
  const reader = await addMember('Sco');
  const people = await addCollection(admin, 'People', [reader]);
  const travel = await addCollection(admin, 'Travel', [reader]);
  await addDocument(admin, { collectionId: people, title: 'Leave policy', texts: leaveTexts });
  await addDocument(admin, { collectionId: travel, title: 'Travel policy', texts: ['Book trains early.'] });
  const told = await ask(reader, { question: 'How many weeks of parental leave do primary carers get?', scope: [travel] });
  assert.equal(told.last('done')?.outcome, 'not-found');
  assert.equal(told.last('searched')?.documents, 1);
});

test('a follow-up is searched for with the subject of the question before', async () => {
  const reader = await addMember('Flo');
  const open = await addCollection(admin, 'People', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Leave policy', texts: leaveTexts });
  const first = await ask(reader, 'How many weeks of parental leave do primary carers get?');
  const conversationId = first.last('started')?.conversationId ?? '';
  const second = await ask(reader, { question: 'And when must it be taken?', conversationId });
  assert.match(second.last('searched')?.query ?? '', /parental leave/);
  assert.match(second.last('text')?.text ?? '', /within two years/);
  const again = await ask(reader, { question: '', conversationId, regenerate: turnOf(second) });
  assert.equal(again.last('searched')?.query, second.last('searched')?.query);
});

test('a right that is gone withholds the answer from its own asker, and from what follows', async () => {
  const reader = await addMember('Rev');
  const open = await addCollection(admin, 'People', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Leave policy', texts: leaveTexts });
  const told = await ask(reader, 'How many weeks of parental leave do primary carers get?');
  await removeGrants(admin, open);
  const answers = await transaction(reader, (tx) => tx.selectFrom('answers').select('text').where('turn_id', '=', turnOf(told)).execute());
  assert.deepEqual(answers, []);
  const next = await ask(reader, { question: 'And for part-timers?', conversationId: told.last('started')?.conversationId });
  assert.doesNotMatch(JSON.stringify(next.events), /18 weeks|Leave policy/);
});

test('somebody else\'s conversation cannot be continued, nor its turns answered again', async () => {
  const [owner, other] = await Promise.all([addMember('Own'), addMember('Oth')]);
  const told = await ask(owner, 'Where do I park?');
  const conversationId = told.last('started')?.conversationId;
  assert.equal(await code(ask(other, { question: 'And now?', conversationId })), 'not-found');
  assert.equal(await code(ask(other, { question: '', conversationId, regenerate: turnOf(told) })), 'not-found');
  assert.equal(await code(ask(owner, { question: 'x', conversationId: randomUUID() })), 'not-found');
});

test('a conversation takes one question at a time', async () => {
  const reader = await addMember('One');
  const told = await ask(reader, 'Where do I park?');
  const conversationId = told.last('started')?.conversationId;
  const outcomes = await Promise.all(['a car?', 'a bike?', 'a bus?'].map((question) => code(ask(reader, { question, conversationId }))));
  assert.deepEqual(outcomes.toSorted(), ['answered', 'question-in-progress', 'question-in-progress']);
  assert.equal(await code(ask(reader, { question: 'And later?', conversationId })), 'answered');
});

test('what is no question is refused with its code, and nothing is written', async () => {
  const reader = await addMember('Bad');
  for (const [question, expected] of [
    ['', 'question-empty'], [' \n ', 'question-empty'], ['a'.repeat(100_000), 'question-too-long'], ['a\0b', 'question-not-text'],
    ['\x7fELF\x02\x01\x01', 'question-not-text'], ['\ud800 half', 'question-not-text'], ['???', 'question-not-text'],
  ] as const) assert.equal(await code(ask(reader, question)), expected, JSON.stringify(question.slice(0, 20)));
  const turns = await transaction(reader, (tx) => tx.selectFrom('turns').select('id').execute());
  assert.deepEqual(turns, []);
});

test('without a record there is no answer, and nothing of the question is left', async () => {
  const reader = await addMember('Rec');
  await withOwner(async (run) => {
    await run('revoke insert on audit_records from attest_runtime');
    try {
      assert.equal(await code(ask(reader, 'Where do I park?')), 'record-not-written');
    } finally {
      await run('grant insert on audit_records to attest_runtime');
    }
  });
  assert.deepEqual(await transaction(reader, (tx) => tx.selectFrom('conversations').select('id').execute()), []);
});

test('an answer whose record cannot be written is not reported as done', async () => {
  const reader = await addMember('Rud');
  const open = await addCollection(admin, 'People', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Leave policy', texts: leaveTexts });
  await withOwner(async (run) => {
    await run(`create function refuse_answers() returns trigger language plpgsql as $$ begin if new.event = 'question.answered' then raise exception 'no room'; end if; return new; end $$`);
    await run('create trigger refuse_answers before insert on audit_records for each row execute function refuse_answers()');
    try {
      const told = await ask(reader, 'How many weeks of parental leave do primary carers get?');
      assert.equal(told.last('done'), undefined);
      assert.equal(told.last('error')?.code, 'record-not-written');
      const answers = await transaction(reader, (tx) => tx.selectFrom('answers').select('turn_id').where('turn_id', '=', turnOf(told)).execute());
      assert.deepEqual(answers, []);
    } finally {
      await run('drop trigger refuse_answers on audit_records');
      await run('drop function refuse_answers()');
    }
  });
});

async function withOwner(work: (run: (statement: string) => Promise<void>) => Promise<void>): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(async (statement) => void (await client.query(statement)));
  } finally {
    await client.end();
  }
}

