import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { closeQueue, enqueue, openQueue, work } from './jobs.ts';

const database = await openTestDatabase();
after(async () => {
  await closeQueue();
  await database.stop();
});

const anybody: MemberActor = { kind: 'member', id: randomUUID(), name: 'Anybody', email: 'anybody@example.test', role: 'employee' };

async function waitUntil(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !done(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(done());
}

test('a job exists exactly when the transaction that asked for it commits', async () => {
  await openQueue();
  const kept = randomUUID();
  const dropped = randomUUID();
  await transaction(anybody, (tx) => enqueue(tx, 'purge-document', { documentId: kept }));
  await assert.rejects(transaction(anybody, async (tx) => {
    await enqueue(tx, 'purge-document', { documentId: dropped });
    throw new Error('Something else failed.');
  }));
  const seen: string[] = [];
  await work('purge-document', { concurrency: 2 }, async ({ documentId }) => void seen.push(documentId));
  await waitUntil(() => seen.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.deepEqual(seen, [kept]);
});

test('maintenance takes a job from a worker that stopped sending heartbeats, and reports no error', async () => {
  const queue = await openQueue();
  const errors: unknown[] = [];
  queue.on('error', (error) => errors.push(error));
  const versionId = randomUUID();
  await transaction(anybody, (tx) => enqueue(tx, 'embed-version', { versionId }));
  const [job] = await queue.fetch('embed-version');
  assert.ok(job !== undefined);
  await transaction(ingestActor, (tx) => sql`update pgboss.job set heartbeat_on = now() - interval '1 minute' where id = ${job.id}`.execute(tx));
  await queue.supervise();
  const { rows } = await transaction(ingestActor, (tx) => sql<{ state: string }>`select state::text as state from pgboss.job where id = ${job.id}`.execute(tx));
  assert.deepEqual(rows, [{ state: 'retry' }]);
  assert.deepEqual(errors, []);
});
