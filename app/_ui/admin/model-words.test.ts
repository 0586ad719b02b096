/** Sizes in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesInWords, weightsInWords } from './model-words.ts';

test('bytes are rounded to what a person compares', () => {
  assert.deepEqual([0, 999, 1536, 3_991_808, 639_446_688, 5e12].map(bytesInWords), ['0 bytes', '999 bytes', '1.5 KB', '3.8 MB', '610 MB', '4.5 TB']);
});

test('weights are counted in thousands, millions and billions', () => {
  assert.deepEqual([260_000, 33_000_000, 1_720_000_000].map(weightsInWords), ['260 thousand weights', '33 million weights', '1.7 billion weights']);
});
