/**
 * What nobody asks for and must happen all the same, looked after every ten seconds: versions without vectors of the
 * embedder that serves now, vectors of former ones, versions whose every reader died, and uploads that broke off when their process ended.
 */
import { stat, rm } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { transaction } from '#lib/db/transaction.ts';
import { incomingFolder, namesIn, storedPath } from '#lib/documents/files.ts';
import { enqueue } from '#lib/jobs/jobs.ts';
import { logger } from '#lib/log.ts';
import { findReady } from '#lib/models/client.ts';
import { findEmbeddingModel } from '#lib/models/embedding-model.ts';
import { recountEmbedded } from './embed.ts';
import { giveUp } from './run.ts';
import { queueRemoval } from './superseded.ts';

const log = logger('ingest');
const everyMs = 10_000;
const queuedAtOnceMax = 200;
/** Longer than any upload takes. */
const leftoverMs = 24 * 60 * 60_000;

/** Looks after everything now and then every ten seconds, until the returned function is called. */
export function watch(): () => void {
  let counted = '';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      counted = await queueMissingVectors(counted);
      await giveUpAbandoned();
      await sweepIncoming();
    } catch (error) {
      log.warn({ error }, 'looking after the index failed; it is tried again');
    }
    if (!stopped) timer = setTimeout(() => void look(), everyMs);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * Queues every current version that lacks vectors of the embedder that serves now, and when none does, the removal of
 * those of former embedders. `counted` names the embedder for
 * which vectors were last counted; counting them all again is needed only when it is another one. Returns its name.
 */
export async function queueMissingVectors(counted: string): Promise<string> {
  const embedder = await findReady('embedder');
  if (embedder === null) return counted;
  const name = `${embedder.model} ${embedder.sha256}`;
  const missing = await transaction(ingestActor, async (tx) => {
    const modelId = await findEmbeddingModel(tx, embedder, embedder.dimensions);
    if (name !== counted) await recountEmbedded(tx, modelId);
    const { rows } = await sql<{ id: string }>`
      select v.id
      from versions v
      join documents d on d.id = v.document_id
      where v.valid_from is not null and v.valid_to is null
        and v.state = 'ready'
        and v.chunks_embedded < v.chunk_count
        and d.deleted_at is null
        and v.id::text not in (
          select data ->> 'versionId' from pgboss.job where name = 'embed-version' and state < 'completed'
        )
      order by v.valid_from
      limit ${queuedAtOnceMax}`.execute(tx);
    for (const { id } of rows) await enqueue(tx, 'embed-version', { versionId: id });
    if (rows.length === 0 && modelId !== null) await queueRemoval(tx, modelId);
    return rows.length;
  });
  if (missing > 0) log.info({ versions: missing, embedder: embedder.model }, 'versions queued for embedding');
  return name;
}

/** A version under way always has a job. One without was given up by the queue because its reader died every time. */
export async function giveUpAbandoned(): Promise<void> {
  const abandoned = await transaction(ingestActor, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select v.id
      from versions v
      join documents d on d.id = v.document_id
      where v.state in ('waiting', 'parsing', 'embedding')
        and d.deleted_at is null
        and v.id::text not in (
          select data ->> 'versionId' from pgboss.job where name = 'ingest-version' and state < 'completed'
        )`.execute(tx);
    return rows;
  });
  for (const { id } of abandoned) await giveUp(id);
}

/** Removes what broken uploads left, a day later; a file that a version names moves to its place instead. */
export async function sweepIncoming(now: number = Date.now()): Promise<void> {
  for (const name of await namesIn(incomingFolder())) {
    const file = path.join(incomingFolder(), name);
    const changed = await stat(file).then((found) => found.mtimeMs, () => now);
    if (now - changed < leftoverMs) continue;
    const sha256 = name.split('.')[0] ?? '';
    const used = await transaction(ingestActor, (tx) =>
      tx.selectFrom('versions as v').innerJoin('documents as d', 'd.id', 'v.document_id').select('v.id')
        .where('v.sha256', '=', sha256).where('d.deleted_at', 'is', null).limit(1).executeTakeFirst());
    if (used === undefined) await rm(file, { force: true });
    else await storedPath(sha256);
  }
}
