/** The order of passages in the panel. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { orderEvidence } from './order-evidence.ts';

test('cited passages come first, each part by number, and the list given is left as it was', () => {
  const given = [{ number: 3, cited: true }, { number: 1, cited: false }, { number: 2, cited: true }, { number: 4, cited: false }];
  assert.deepEqual(orderEvidence(given).map((one) => one.number), [2, 3, 1, 4]);
  assert.equal(given[0]?.number, 3);
});
