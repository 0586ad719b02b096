/** Collections in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessInWords, collectionInWords, collectionTone, documentsInWords, joinNames } from './collection-words.ts';

test('the state tells what is being read from what failed', () => {
  const state = (documents: number, unfinished: number, failed: number): string => collectionInWords({ documents, unfinished, failed });
  assert.deepEqual([state(0, 0, 0), state(12, 0, 0), state(12, 3, 0), state(12, 4, 1), state(12, 2, 2)], ['Empty', 'Ready', '3 being read', '3 being read, 1 failed', '2 failed']);
  assert.equal(collectionTone({ documents: 12, unfinished: 4, failed: 1 }), 'bad');
});

test('admins read who may read, others through what they may', () => {
  assert.equal(accessInWords({ readers: [], because: [] }), 'Nobody yet');
  assert.equal(accessInWords({ readers: ['Everyone', 'Engineering', 'People', 'Sales', 'Ada Winter'], because: ['you'] }), 'Everyone, Engineering, People and 2 more');
  assert.equal(accessInWords({ readers: null, because: ['Engineering', 'you'] }), 'Engineering and a grant to you');
});

test('numbers and names are written as people write them', () => {
  assert.deepEqual([0, 1, 10_000].map(documentsInWords), ['0 documents', '1 document', '10,000 documents']);
  assert.deepEqual([joinNames([]), joinNames(['A']), joinNames(['A', 'B']), joinNames(['A', 'B', 'C'])], ['', 'A', 'A and B', 'A, B and C']);
});
