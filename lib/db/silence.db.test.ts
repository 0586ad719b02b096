/** A process of ours that freezes inside a transaction on a server; for the embedded database see embedded/idle.db.test.ts. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ingestActor } from '../actor.ts';
import { surroundings } from '../env.ts';
import { isProblem } from '../errors.ts';
import { openTestDatabase } from './testing.ts';
import { transaction } from './transaction.ts';

const database = await openTestDatabase();
after(() => database.stop());
const onServer = Boolean(surroundings()['DATABASE_URL']);

test('every transaction ends by itself when its process is silent for ten seconds', async () => {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as limit`.execute(tx));
  assert.deepEqual(rows, [{ limit: '10s' }]);
});

test('what a silent process had locked is free again, and its own work fails as undone', { skip: onServer ? false : 'the embedded database has a watch of its own' }, async () => {
  const lock = sql`select pg_advisory_xact_lock(4711)`;
  let held: () => void = () => {};
  const holds = new Promise<void>((resolve) => (held = resolve));
  const frozen = transaction(ingestActor, async (tx) => {
    // The same in less time.
    await sql`select set_config('idle_in_transaction_session_timeout', '300ms', true)`.execute(tx);
    await lock.execute(tx);
    held();
    await sleep(1500);
    await lock.execute(tx);
  });
  const outcome = assert.rejects(frozen, (error) => isProblem(error, 'database-unavailable'));
  await holds;
  const begun = performance.now();
  await transaction(ingestActor, (tx) => lock.execute(tx));
  assert.ok(performance.now() - begun < 1200, 'another was let in before the silent one came back');
  await outcome;
  await transaction(ingestActor, (tx) => lock.execute(tx));
});
