/** Times in words. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { clockTime, dayHeading, exactTime, relativeTime } from './relative-time.ts';

const now = new Date('2026-11-23T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

test('the largest whole unit is named', () => {
  const cases: [number, string][] = [[0, 'just now'], [59, 'just now'], [60, '1 minute ago'], [3_599, '59 minutes ago'], [3_600, '1 hour ago'], [86_400, 'yesterday'], [3 * 86_400, '3 days ago'], [8 * 86_400, 'last week'], [40 * 86_400, 'last month'], [800 * 86_400, '2 years ago']];
  for (const [seconds, words] of cases) assert.equal(relativeTime(before(seconds), now), words, String(seconds));
});

test('the future is named too', () => {
  assert.equal(relativeTime(before(-7_200), now), 'in 2 hours');
  assert.equal(relativeTime(before(-45), now), 'in a moment');
});

test('the exact time names its zone', () => {
  assert.equal(exactTime(now, 'UTC'), '23 November 2026 at 12:00:00 UTC');
  assert.equal(clockTime(now, 'UTC'), '23 Nov 2026, 12:00:00');
});

test('a history is grouped by days, then months', () => {
  const noon = new Date(2026, 10, 23, 12);
  const cases: [Date, string][] = [[new Date(2026, 10, 23, 0, 1), 'Today'], [new Date(2026, 10, 22, 23, 59), 'Yesterday'], [new Date(2026, 10, 16), 'Last 7 days'], [new Date(2026, 10, 15), 'November'], [new Date(2026, 2, 1), 'March'], [new Date(2025, 10, 15), 'November 2025']];
  for (const [at, heading] of cases) assert.equal(dayHeading(at, noon), heading);
});
