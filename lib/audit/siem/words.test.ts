/** What people read about delivery to the SIEM. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDelivery, type DeliveryState } from './words.ts';

const now = Date.UTC(2026, 10, 24, 12);
const ago = (minutes: number): Date => new Date(now - minutes * 60_000);
const fine: DeliveryState = { next_seq: 12_345, log_size: 12_345, waiting_since: null, problem: null, failing_since: null, looked_at: ago(0) };
const refused = { ...fine, log_size: 12_346, problem: 'The SIEM cannot be reached: it refuses connections.', failing_since: ago(2), waiting_since: ago(3) };

test('delivery that goes well says how much the SIEM has', () => {
  assert.deepEqual(describeDelivery(fine, now), { state: 'working', sentence: 'The SIEM has 12,345 records.' });
});

test('a receiver that is away is a limit at first and a failure after a quarter of an hour, with what waits', () => {
  const sentence = 'The SIEM cannot be reached: it refuses connections. 1 record waits, the oldest for 3 minutes; none is lost, and answers go on.';
  assert.deepEqual(describeDelivery(refused, now), { state: 'limited', sentence });
  assert.equal(describeDelivery({ ...refused, failing_since: ago(16) }, now).state, 'failing');
  assert.match(describeDelivery({ ...refused, next_seq: 0, waiting_since: null }, now).sentence, / 12,346 records wait; none is lost/);
});

test('where no worker looks, that is said and not that all is well', () => {
  assert.equal(describeDelivery(undefined, now).state, 'limited');
  const { state, sentence } = describeDelivery({ ...fine, looked_at: ago(10) }, now);
  assert.deepEqual([state, sentence], ['failing', 'Nobody has delivered records to the SIEM for 10 minutes. The ingest process may not be running. Records wait; none is lost.']);
});
