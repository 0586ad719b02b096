/** Which characters of a block, and which rows of a table, belong to a passage. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { spanIn, tableRows } from './marks.ts';

const place = { from: { block: 2, offset: 5 }, to: { block: 4, offset: 3 }, headings: [] };

test('the first block is marked from its offset, the last up to its offset, those between whole', () => {
  assert.deepEqual([1, 2, 3, 4, 5].map((ordinal) => spanIn(place, ordinal, 10)), [null, { start: 5, end: 10 }, { start: 0, end: 10 }, { start: 0, end: 3 }, null]);
});

test('a span of nothing marks nothing', () => {
  assert.equal(spanIn({ ...place, to: { block: 2, offset: 5 } }, 2, 10), null);
  assert.equal(spanIn(place, 2, 5), null);
});

test('table rows that the passage touches are marked, and short rows are filled', () => {
  const text = 'a | b | c\n1 | 2\n3 | 4 | 5';
  assert.deepEqual(tableRows(text, { start: 10, end: 15 }), [
    { cells: ['a', 'b', 'c'], marked: false },
    { cells: ['1', '2', ''], marked: true },
    { cells: ['3', '4', '5'], marked: false },
  ]);
  assert.deepEqual(tableRows(text, null).map((row) => row.marked), [false, false, false]);
});
