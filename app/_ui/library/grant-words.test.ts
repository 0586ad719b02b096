/** Grants in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayOf, endInWords, endOf, grantInWords } from './grant-words.ts';

const now = new Date('2026-03-01T12:00:00Z');

test('an end is a day, and one that has passed says so', () => {
  assert.deepEqual([null, '2026-05-03T12:00:00Z', '2026-02-03T12:00:00Z'].map((end) => endInWords(end, now)), ['No end', 'Until 3 May 2026', 'Ended 3 February 2026']);
});

test('what somebody else saved is said within a sentence', () => {
  assert.equal(grantInWords({ permission: 'edit', expiresAt: null }, now), 'may read and edit, no end');
  assert.equal(grantInWords({ permission: 'read', expiresAt: '2026-05-03T12:00:00Z' }, now), 'may read, until 3 May 2026');
});

test('a day typed counts to its last moment and comes back as the same day', () => {
  assert.equal(dayOf(endOf('2026-05-03')), '2026-05-03');
  assert.equal(new Date(endOf('2026-05-03') ?? '').getHours(), 23);
  assert.deepEqual([endOf(''), endOf('2026-13-99'), dayOf(null)], [null, null, '']);
});
