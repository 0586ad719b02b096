/**
 * The job queue's tables: pg-boss makes and migrates them in its own schema, here as the database's owner, because
 * the roles that the product runs as may not change tables. What the jobs mean stands in lib/jobs.
 */
import type pg from 'pg';
import { PgBoss } from 'pg-boss';

/** Every queue, with how its jobs are retried. A worker that stops sending heartbeats loses its job to another. */
export const queues = {
  'ingest-version': { retryLimit: 3, retryDelay: 2, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 20 },
  'purge-document': { retryLimit: 10, retryDelay: 5, retryBackoff: true, expireInSeconds: 600, heartbeatSeconds: 20 },
  'remove-vectors': { retryLimit: 5, retryDelay: 5, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 20 },
  'embed-version': { retryLimit: 5, retryDelay: 5, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 20 },
} as const;
export type QueueName = keyof typeof queues;

/** Settings that every pg-boss of ours shares: no schedules, and no table changes but here. */
export const queueSettings = { schema: 'pgboss', schedule: false } as const;

export async function createQueueTables(owner: pg.Client): Promise<void> {
  const boss = new PgBoss({
    ...queueSettings,
    supervise: false,
    db: { executeSql: async (text, values) => owner.query(text, values === undefined ? [] : [...values]) },
  });
  await boss.start();
  for (const [name, options] of Object.entries(queues)) {
    if ((await boss.getQueue(name)) === null) await boss.createQueue(name, options);
    else await boss.updateQueue(name, options);
  }
  await boss.stop({ graceful: false, close: false });
  await owner.query(`
    grant usage on schema pgboss to attest_runtime, attest_worker;
    grant select, insert, update, delete on all tables in schema pgboss to attest_worker;
    grant execute on all functions in schema pgboss to attest_worker;
    grant select on pgboss.queue, pgboss.version to attest_runtime;
    grant execute on all functions in schema pgboss to attest_runtime;
    grant select, insert on pgboss.job, pgboss.job_common to attest_runtime`);
}
