import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { findByWords, type LexicalResult } from './lexical.ts';
import { queryTerms } from './query.ts';
import { addCollection, addDocument, addMember, addVersion, removeGrants } from './testing.ts';

let database: TestDatabase;
let admin: MemberActor;
before(async () => {
  database = await openTestDatabase();
  admin = await addMember('Ada', 'admin');
});
after(() => database.stop());

async function find(actor: MemberActor, question: string, scope: readonly string[] | null = null): Promise<LexicalResult> {
  return transaction(actor, (tx) => findByWords(tx, queryTerms(question), { scope, limit: 20 }));
}

test('scores are BM25 with counts over what the actor may read', async () => {
  const reader = await addMember('Rea');
  const open = await addCollection(admin, 'Open', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Leave', texts: ['annual leave is thirty days', 'parental leave is eighteen weeks'] });
  await addDocument(admin, { collectionId: open, title: 'Travel', texts: ['book trains early'] });
  const result = await find(reader, 'parental leave');
  assert.deepEqual(result.visible, { collections: 1, documents: 2, chunks: 3 });
  assert.deepEqual([...result.frequencies], [['parent', 1], ['leav', 2]]);
  assert.equal(result.candidates.length, 2);
  const length = 6; // "Leave" from the title, five words of the text; both chunks
  const part = (frequency: number, times: number) => Math.log(1 + (3 - frequency + 0.5) / (frequency + 0.5)) * times / (times + 1.2 * (0.25 + 0.75 * length / 200));
  assert.ok(Math.abs((result.candidates[0]?.score ?? 0) - (part(1, 1) + part(2, 2))) < 1e-6);
  // "leave is" holds no other word of the question
  assert.ok(Math.abs((result.candidates[1]?.score ?? 0) - part(2, 2)) < 1e-6);
});

test('text that somebody may not read changes nothing of what they find', async () => {
  const reader = await addMember('Rob');
  const open = await addCollection(admin, 'Open', [reader]);
  await addDocument(admin, { collectionId: open, title: 'Pay', texts: ['salary bands are published', 'bonus is paid in march', 'expenses within 30 days'] });
  const before = await find(reader, 'bonus salary merger');
  const hidden = await addCollection(admin, 'Board', []);
  await addDocument(admin, { collectionId: hidden, title: 'Bonus merger', texts: Array.from({ length: 40 }, () => 'merger bonus salary merger bonus') });
  const after = await find(reader, 'bonus salary merger');
  assert.deepEqual(after, before);
});

test('an admin finds nothing without a grant', async () => {
  const reader = await addMember('Ria');
  const closed = await addCollection(admin, 'Closed', [reader]);
  await addDocument(admin, { collectionId: closed, title: 'Zebra', texts: ['zebra crossing'] });
  assert.equal((await find(reader, 'zebra')).candidates.length, 1);
  const forAdmin = await find(admin, 'zebra');
  assert.deepEqual([forAdmin.candidates, forAdmin.visible.chunks], [[], 0]);
});

test('only the chosen collections are looked in, and a collection without right adds nothing', async () => {
  const reader = await addMember('Rik');
  const first = await addCollection(admin, 'First', [reader]);
  const second = await addCollection(admin, 'Second', [reader]);
  const foreign = await addCollection(admin, 'Foreign', []);
  for (const collectionId of [first, second, foreign]) await addDocument(admin, { collectionId, title: 'Key', texts: ['quokka handling'] });
  assert.equal((await find(reader, 'quokka')).candidates.length, 2);
  assert.equal((await find(reader, 'quokka', [first])).candidates.length, 1);
  assert.equal((await find(reader, 'quokka', [foreign])).candidates.length, 0);
  assert.equal((await find(reader, 'quokka', [])).candidates.length, 0);
});

test('only the current version is found, and nothing once the right is gone', async () => {
  const reader = await addMember('Ray');
  const open = await addCollection(admin, 'Open', [reader]);
  const document = await addDocument(admin, { collectionId: open, title: 'Policy', texts: ['wombat allowance 10'] });
  await addVersion(admin, document, { title: 'Policy', texts: ['numbat allowance 20'] });
  assert.equal((await find(reader, 'wombat')).candidates.length, 0);
  assert.equal((await find(reader, 'numbat')).candidates.length, 1);
  await removeGrants(admin, open);
  assert.equal((await find(reader, 'numbat')).candidates.length, 0);
});

test('frequent terms do not hide the rare one', async () => {
  const reader = await addMember('Rae');
  const open = await addCollection(admin, 'Open', [reader]);
  const common = Array.from({ length: 300 }, (_, index) => `the calibration report number ${index} of the instrument`);
  await addDocument(admin, { collectionId: open, title: 'Reports', texts: [...common, 'calibration of the okapi instrument'] });
  const result = await find(reader, 'okapi calibration instrument');
  assert.equal(result.frequencies.get('okapi'), 1);
  const [best, next] = result.candidates;
  assert.ok((best?.score ?? 0) > 3 * (next?.score ?? Infinity));
});

test('a question in words that nobody wrote finds nothing and says so', async () => {
  const reader = await addMember('Rex');
  await addCollection(admin, 'Empty', [reader]);
  const result = await find(reader, 'xylophone');
  assert.deepEqual(result.candidates, []);
  assert.deepEqual([...result.frequencies], [['xylophon', 0]]);
});
