/** The whole of retrieval on a real database, with vectors written by hand: what it finds and how often it asks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { search } from './search.ts';
import { addCollection, addDocument, addMember, removeGrants } from './testing.ts';
import type { QueryVector } from './types.ts';

const embedder = { name: 'by-hand', file: null, sha256: 'a'.repeat(64) };
const signal = new AbortController().signal;
const east: QueryVector = { vector: [1, 0], embedder };

let database: TestDatabase;
let admin: MemberActor;
let reader: MemberActor;
let open: string;
before(async () => {
  database = await openTestDatabase();
  [admin, reader] = await Promise.all([addMember('Ada', 'admin'), addMember('Rea')]);
  open = await addCollection(admin, 'Open', [reader]);
  await addDocument(admin, {
    collectionId: open, title: 'Leave', embedder: { ...embedder, dimensions: 2 },
    texts: [
      { text: 'Parental leave:', vector: [0, 1] }, { text: 'Eighteen weeks for primary carers, six for others.', vector: [0.6, 0.8] }, { text: 'Book trains early.', vector: [1, 0] },
    ],
  });
  const closed = await addCollection(admin, 'Closed', []);
  await addDocument(admin, { collectionId: closed, title: 'Parental leave of the board', embedder: { ...embedder, dimensions: 2 }, texts: [{ text: 'Parental leave: none.', vector: [1, 0] }] });
});
after(() => database.stop());

/** What `work` sends to the database. */
async function statementsOf<Result>(work: () => Promise<Result>): Promise<{ result: Result; statements: string[] }> {
  const statements: string[] = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...given: Parameters<typeof query>) {
    const [config] = given as unknown as [string | { text: string }];
    statements.push(typeof config === 'string' ? config : config.text);
    return query.apply(this, given);
  } as typeof query;
  try {
    return { result: await work(), statements };
  } finally {
    pg.Client.prototype.query = query;
  }
}

test('words and meaning find passages together, and a short one brings what follows it', async () => {
  const found = await search(reader, { query: 'parental leave', limit: 12, vector: Promise.resolve(east) }, signal);
  assert.deepEqual(found.passages.map((each) => each.text).toSorted(), ['Book trains early.', 'Eighteen weeks for primary carers, six for others.', 'Parental leave:']);
  assert.deepEqual([found.candidates, found.embedder, found.visible], [{ lexical: 3, semantic: 3 }, embedder, { collections: 1, documents: 1, chunks: 3 }]);
  const byWords = await search(reader, { query: 'trains', limit: 12, vector: Promise.resolve(null) }, signal);
  assert.deepEqual([byWords.passages.map((each) => each.text), byWords.embedder], [['Book trains early.'], null]);
  const short = await search(reader, { query: 'eighteen', limit: 12, vector: Promise.resolve(null) }, signal);
  assert.deepEqual(short.passages.map((each) => each.text), ['Eighteen weeks for primary carers, six for others.', 'Book trains early.']);
});

test('a search takes nine messages to the database: three transactions of two, and a statement each', async () => {
  const { result, statements } = await statementsOf(() => search(reader, { query: 'parental leave', limit: 12, vector: Promise.resolve(east) }, signal));
  assert.equal(result.passages.length, 3);
  assert.equal(statements.filter((statement) => statement.startsWith('begin;')).length, 3);
  assert.equal(statements.length, 9, statements.map((statement) => statement.replaceAll(/\s+/g, ' ').slice(0, 60)).join('\n'));
});

test('an abort while the vector is made ends the search, and the next one is not disturbed', async () => {
  const vector = Promise.reject(new Error('asked no more'));
  vector.catch(() => undefined);
  await assert.rejects(search(reader, { query: 'parental leave', limit: 12, vector }, signal), /asked no more/);
  assert.equal((await search(reader, { query: 'parental leave', limit: 12, vector: Promise.resolve(east) }, signal)).passages.length, 3);
});

test('a right that ends between finding and reading leaves nothing to read', async () => {
  const leaver = await addMember('Lea');
  const brief = await addCollection(admin, 'Brief', [leaver]);
  await addDocument(admin, { collectionId: brief, title: 'Quokka', texts: ['Quokka handling:', 'With care.'] });
  assert.equal((await search(leaver, { query: 'quokka', limit: 12, vector: Promise.resolve(null) }, signal)).passages.length, 2);
  // Words are looked for while the vector is on its way; the right ends before it arrives and the texts are read.
  const vector = removeGrants(admin, brief).then(() => new Promise<null>((resolve) => setTimeout(() => resolve(null), 200)));
  assert.deepEqual((await search(leaver, { query: 'quokka', limit: 12, vector }, signal)).passages, []);
});
