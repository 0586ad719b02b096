import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batches } from './batches.ts';
import { collectPostings, indexChunk } from './postings.ts';
import { toFloatArray } from './vectors.ts';

test('each term of a version has one posting with every chunk that holds it and how often', () => {
  const chunks = [
    indexChunk({ ordinal: 0, title: 'Travel', headings: ['Hotels'], text: 'A hotel is a hotel.' }),
    indexChunk({ ordinal: 1, title: 'Travel', headings: [], text: 'Trains.' }),
  ];
  const postings = new Map(collectPostings(chunks, (ordinal) => 100 + ordinal).map((posting) => [posting.term, posting]));
  assert.deepEqual(postings.get('hotel'), { term: 'hotel', chunkIds: [100], frequencies: [3] });
  assert.deepEqual(postings.get('travel'), { term: 'travel', chunkIds: [100, 101], frequencies: [1, 1] });
  assert.deepEqual(chunks.map((chunk) => chunk.termCount), [7, 2]);
});

test('a chunk that repeats a word without end is counted up to what the column holds', () => {
  const chunk = indexChunk({ ordinal: 0, title: '', headings: [], text: 'again '.repeat(40_000) });
  assert.equal(Math.max(...chunk.frequencies.values()), 32_767);
  assert.equal(chunk.termCount, 40_000);
});

test('batches hold every item once, in order, within their limits', () => {
  fc.assert(fc.property(fc.array(fc.nat(100)), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 200 }), (items, countMax, sizeMax) => {
    const all = [...batches(items, { countMax, sizeMax, sizeOf: (item) => item })];
    assert.deepEqual(all.flat(), items);
    for (const batch of all) {
      assert.ok(batch.length > 0 && batch.length <= countMax);
      assert.ok(batch.length === 1 || batch.reduce((sum, item) => sum + item, 0) <= sizeMax);
    }
  }));
});

test('vectors become one binary array with every number in its place', () => {
  const buffer = toFloatArray([[1, -2.5], [0, 3.25]]);
  assert.deepEqual([buffer.readInt32BE(0), buffer.readInt32BE(4), buffer.readInt32BE(8), buffer.readInt32BE(12), buffer.readInt32BE(16)], [1, 0, 700, 4, 1]);
  assert.deepEqual([0, 1, 2, 3].map((index) => buffer.readFloatBE(24 + index * 8)), [1, -2.5, 0, 3.25]);
  assert.equal(buffer.length, 20 + 4 * 8);
});
