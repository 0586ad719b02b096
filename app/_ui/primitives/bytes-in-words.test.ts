/** Sizes of files in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesInWords } from './bytes-in-words.ts';

test('bytes are rounded to what a person compares', () => {
  assert.deepEqual([0, 1, 999, 1536, 3_991_808, 639_446_688, 5e12].map(bytesInWords), ['0 bytes', '1 byte', '999 bytes', '1.5 KB', '3.8 MB', '610 MB', '4.5 TB']);
});
