/** Tampering is found and named; `npm run audit:tamper` does the same in full size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surroundings } from '../env.ts';
import { kinds } from './testing-tamper.ts';
import { runTampering } from './testing-tamper-run.ts';

const seed = Number(surroundings()['ATTEST_SEED'] ?? Date.now() % 2 ** 31);

test('every kind of tampering is found and the first bad record named, every changed byte is found, and clean logs verify', async (t) => {
  t.diagnostic(`seed ${seed}`);
  assert.ok(Object.keys(kinds).length >= 25);
  const { passed, failures, named } = await runTampering(seed, { positions: 4, flips: 1000, logs: 20 });
  assert.deepEqual(failures.slice(0, 5), [], `${failures.length} failures with seed ${seed}`);
  assert.equal(passed, Object.keys(kinds).length * 4 + 1000 + 40);
  assert.ok(named > 100);
});
