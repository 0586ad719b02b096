/** Spans in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanInWords } from './session-words.ts';

test('a span is told in the largest unit that fits it', () => {
  for (const [minutes, words] of [[1, 'a minute'], [45, '45 minutes'], [60, 'an hour'], [90, '90 minutes'], [720, '12 hours'], [1440, '24 hours'], [2880, '2 days']] as const) assert.equal(spanInWords(minutes), words);
});
