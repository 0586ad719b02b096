/** Sizes of models in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weightsInWords } from './model-words.ts';

test('weights are counted in thousands, millions and billions', () => {
  assert.deepEqual([260_000, 33_000_000, 1_720_000_000].map(weightsInWords), ['260 thousand weights', '33 million weights', '1.7 billion weights']);
});
