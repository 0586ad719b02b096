/**
 * What work is queued and how it is handed over. A job is enqueued in the caller's transaction: it exists exactly
 * when the change that asks for it does. Jobs hold ids only, never text. Delivery is at least once, so that whoever
 * works on a job makes its effect idempotent.
 */
import { fromKysely, PgBoss, type Job } from 'pg-boss';
import { z } from 'zod';
import { ingestActor } from '../actor.ts';
import { queueSettings, type QueueName } from '../db/queue-tables.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { logger } from '../log.ts';

const schemas = {
  'ingest-version': z.object({ versionId: z.uuid() }),
  'embed-version': z.object({ versionId: z.uuid() }),
  'purge-document': z.object({ documentId: z.uuid() }),
  'remove-vectors': z.object({ keep: z.int() }),
} as const satisfies Record<QueueName, z.ZodType>;
export type JobData<Name extends QueueName> = z.infer<(typeof schemas)[Name]>;

const log = logger('jobs');
// Next bundles a module once per route; the queue must still be one per process.
const shared: typeof globalThis & { attestQueue?: Promise<PgBoss> } = globalThis;

/** Queues a job in `tx`; workers see it once `tx` commits. */
export async function enqueue<Name extends QueueName>(tx: Tx, name: Name, data: JobData<Name>): Promise<void> {
  const queue = await openQueue();
  await queue.send(name, data, { db: fromKysely(tx) });
}

/**
 * Takes jobs of one kind, `concurrency` at a time, until `closeQueue`. A handler that throws leaves the job to be
 * tried again by the queue's own rules; `signal` aborts when the job was lost to another worker.
 */
export async function work<Name extends QueueName>(
  name: Name,
  options: { concurrency: number },
  handle: (data: JobData<Name>, job: { signal: AbortSignal; attempt: number }) => Promise<void>,
): Promise<void> {
  const queue = await openQueue();
  await queue.work(name, { localConcurrency: options.concurrency, pollingIntervalSeconds: 0.5, includeMetadata: true }, async ([job]: (Job<unknown> & { retryCount?: number })[]) => {
    if (job === undefined) return;
    await handle(parse(name, job.data), { signal: job.signal, attempt: job.retryCount ?? 0 });
  });
}

function parse<Name extends QueueName>(name: Name, data: unknown): JobData<Name> {
  return schemas[name].parse(data) as JobData<Name>; // zod cannot follow the index type
}

/** The queue of this process. pg-boss's own statements run in our transactions too, as the worker role. */
export function openQueue(options: { supervise?: boolean } = {}): Promise<PgBoss> {
  shared.attestQueue ??= start(options.supervise ?? false).catch((error: unknown) => {
    delete shared.attestQueue;
    throw error;
  });
  return shared.attestQueue;
}

async function start(supervise: boolean): Promise<PgBoss> {
  const queue = new PgBoss({
    ...queueSettings,
    supervise,
    // Together with the heartbeat of 20 s a job of a worker that was killed is taken up again within 35 s.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    migrate: false,
    createSchema: false,
    db: { executeSql },
  });
  queue.on('error', (error) => log.warn({ error: { message: error.message } }, 'the job queue met an error'));
  await queue.start();
  return queue;
}

/**
 * Runs what pg-boss sends. Its maintenance sends whole transactions as one text, of which Kysely would return no rows:
 * those run statement by statement inside ours.
 */
async function executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const statements = /^\s*begin;/i.test(text) ? text.split(/;\s*(?:\n|$)/).map((part) => part.trim()).filter((part) => !/^(begin|commit|)$/i.test(part)) : [text];
  return transaction(ingestActor, async (tx) => {
    const rows: unknown[] = [];
    for (const statement of statements) rows.push(...(await fromKysely(tx).executeSql(statement, values)).rows);
    return { rows };
  });
}

/** Stops taking jobs and waits up to `timeoutMs` for those under way. */
export async function closeQueue(timeoutMs = 10_000): Promise<void> {
  const open = shared.attestQueue;
  delete shared.attestQueue;
  if (open !== undefined) await (await open).stop({ graceful: true, timeout: timeoutMs, close: false });
}
