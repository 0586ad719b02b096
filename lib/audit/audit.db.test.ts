/** The audit log on a real database: numbers without gaps, bytes that hash, and nobody but compliance who reads. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { seedActor, signInActor, type MemberActor, type Role } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { isProblem } from '../errors.ts';
import { withinRequest } from '../request.ts';
import { appendRecord } from './append.ts';
import { leafHash } from './merkle.ts';
import { recordQuery } from './query.ts';
import { countRecords, listRecords, readRecord } from './read.ts';

let database: TestDatabase;
let employee: MemberActor;
let compliance: MemberActor;

async function member(role: Role): Promise<MemberActor> {
  const id = randomUUID();
  const actor = { kind: 'member', id, role, name: `The ${role}`, email: `${id}@example.test` } as const;
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name: actor.name, role }).execute());
  return actor;
}
before(async () => {
  database = await openTestDatabase();
  employee = await member('employee');
  compliance = await member('compliance');
});
after(() => database.stop());

const append = (actor: MemberActor, turnId?: string) => transaction(actor, (tx) => appendRecord(tx, actor, {
  event: 'question.asked', subject: { kind: 'turn', id: turnId ?? 'x', name: 'Leave' }, ...(turnId === undefined ? {} : { turnId }),
  details: { scope: null }, content: { question: 'How much leave?' },
}));

test('a rolled-back act leaves no record and no gap', async () => {
  const first = await append(employee);
  await assert.rejects(transaction(employee, async (tx) => {
    await appendRecord(tx, employee, { event: 'feedback.given' });
    throw new Error('the act failed');
  }));
  assert.equal(await append(employee), first + 1);
});

test('forty records appended at once by two members get forty numbers in a row and times that never run backwards', async () => {
  const numbers = await Promise.all(Array.from({ length: 40 }, (_, turn) => append(turn % 2 === 0 ? employee : compliance)));
  numbers.sort((a, b) => a - b);
  assert.deepEqual(numbers, numbers.map((_, index) => (numbers[0] ?? 0) + index));
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select(['seq', 'at', 'body', 'leaf_hash']).orderBy('seq').execute());
  for (const [index, row] of rows.entries()) {
    assert.equal(row.seq, index);
    assert.ok(index === 0 || row.at >= (rows[index - 1]?.at ?? row.at));
    assert.deepEqual(leafHash(row.body), row.leaf_hash);
  }
});

test('a record cannot be written in another member\'s name', async () => {
  await assert.rejects(
    transaction(employee, (tx) => appendRecord(tx, { ...employee, id: compliance.id }, { event: 'feedback.given' })),
    (error) => isProblem(error, 'record-not-written'),
  );
});

test('a record holds its request, and its texts stand apart from the hashed bytes', async () => {
  const requestId = randomUUID();
  const turnId = randomUUID();
  const seq = await withinRequest(requestId, () => append(employee, turnId));
  const related = await append(employee, turnId);
  const record = await readRecord(compliance, seq);
  assert.equal(record.requestId, requestId);
  assert.deepEqual(record.content, { question: 'How much leave?' });
  assert.equal(record.intact, true);
  assert.equal(record.actorName, 'The employee');
  assert.deepEqual(record.related.map((row) => row.seq), [related]);
  const body = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select('body').where('seq', '=', seq).executeTakeFirstOrThrow());
  assert.ok(!body.body.toString('utf8').includes('How much leave?'));
});

test('compliance filters and pages; a look through the log is itself a record', async () => {
  const before = await listRecords(compliance, recordQuery.parse({ limit: '1' }));
  const page = await listRecords(compliance, recordQuery.parse({ event: 'question.asked', actor: employee.id, limit: '5' }));
  assert.equal(page.items.length, 5);
  assert.ok(page.items.every((row) => row.event === 'question.asked' && row.actorId === employee.id));
  const following = await listRecords(compliance, recordQuery.parse({ event: 'question.asked', actor: employee.id, limit: '5', cursor: String(page.next) }));
  assert.ok((following.items[0]?.seq ?? 0) < (page.items.at(-1)?.seq ?? 0));
  assert.deepEqual(await countRecords(compliance, recordQuery.parse({ event: 'audit.opened' })), { total: 1, totalIsExact: true });
  const look = await readRecord(compliance, (before.items[0]?.seq ?? 0) + 2);
  assert.equal(look.event, 'audit.searched');
  assert.deepEqual(look.details, { filter: { event: ['question.asked'], actor: employee.id } });
});

test('characters that are not text in one record keep nobody from reading the log', async () => {
  const odd = 'half \ud83d of a sign, \u0000 and \u202e';
  const seq = await transaction(employee, (tx) => appendRecord(tx, employee, { event: 'document.changed', subject: { kind: 'document', id: randomUUID(), name: odd }, details: { before: odd } }));
  const page = await listRecords(compliance, recordQuery.parse({ limit: '3' }));
  assert.equal(page.items.find((row) => row.seq === seq)?.subjectName, odd);
  const record = await readRecord(compliance, seq);
  assert.deepEqual([record.details, record.intact], [{ before: odd }, true]);
});

test('nobody else finds a record, and an unknown one is not found', async () => {
  const seq = await append(employee);
  await assert.rejects(readRecord(employee, seq), (error) => isProblem(error, 'not-found'));
  assert.deepEqual((await listRecords(employee, recordQuery.parse({}))).items, []);
  await assert.rejects(readRecord(compliance, 9_999_999), (error) => isProblem(error, 'not-found'));
});

test('sign-in may record a member who is not acting yet', async () => {
  const seq = await transaction(signInActor, (tx) => appendRecord(tx, signInActor, { event: 'session.started', memberId: employee.id }));
  assert.equal((await readRecord(compliance, seq)).actorId, employee.id);
});

test('a filter that names no event of ours is refused', () => {
  assert.equal(recordQuery.safeParse({ event: 'question.asked,drop table' }).success, false);
});
