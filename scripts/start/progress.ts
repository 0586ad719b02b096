/** How far ingestion is: read from the database as the ingest worker, so that it needs no right of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ingestActor } from '#lib/actor.ts';
import { openDatabase } from '#lib/db/pool.ts';
import { transaction } from '#lib/db/transaction.ts';

const pollMs = 500;

export type Progress = { readonly ready: number; readonly failed: number; readonly total: number };

/**
 * Calls `report` until every version is ready or failed, and returns the last count. Ends early when `signal` says so.
 * A database that is away for a moment is asked again.
 */
export async function watchIngestion(url: string, report: (progress: Progress) => void, signal: AbortSignal): Promise<Progress> {
  const db = openDatabase(url, 1);
  let progress: Progress = { ready: 0, failed: 0, total: 0 };
  try {
    while (!signal.aborted) {
      progress = await countVersions(db).catch(() => progress);
      report(progress);
      if (progress.ready + progress.failed >= progress.total) break;
      await sleep(pollMs);
    }
    return progress;
  } finally {
    await db.destroy();
  }
}

async function countVersions(db: ReturnType<typeof openDatabase>): Promise<Progress> {
  const rows = await transaction(
    ingestActor,
    (tx) => tx.selectFrom('versions').select(['state', tx.fn.countAll<number>().as('count')]).groupBy('state').execute(),
    db,
  );
  const of = (state: string): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { ready: of('ready'), failed: of('failed'), total: rows.reduce((sum, row) => sum + Number(row.count), 0) };
}
