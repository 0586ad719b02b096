/**
 * Vectors of embedders that serve no more. They stay until every current version has vectors of the embedder that does,
 * so that meanwhile a return to the former one costs nothing; then they only take room, and a job removes them.
 */
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { enqueue } from '#lib/jobs/jobs.ts';
import { logger } from '#lib/log.ts';
import { findReady } from '#lib/models/client.ts';
import { findEmbeddingModel } from '#lib/models/embedding-model.ts';
import { recountEmbedded } from './embed.ts';

const log = logger('ingest');
/** What one transaction deletes: about 20 ms on the embedded database. */
const deletedPerTransaction = 2000;

/** Queues the removal when nothing waits for vectors of the model that serves and there are some of others. */
export async function queueRemoval(tx: Tx, modelId: number): Promise<void> {
  const { rows } = await sql<{ due: boolean }>`
    select
      exists (select from embedding_models m where m.id <> ${modelId} and exists (select from vectors where embedding_model_id = m.id))
      and not exists (
        select from versions v
        join documents d on d.id = v.document_id
        where v.valid_from is not null and v.valid_to is null
          and v.state = 'ready'
          and v.chunks_embedded < v.chunk_count
          and d.deleted_at is null
      )
      and not exists (select from pgboss.job where name = 'remove-vectors' and state < 'completed') as due`.execute(tx);
  if (rows[0]?.due !== true) return;
  // The numbers in `versions` may be those of another embedder, where one was changed while a version was being read.
  if ((await recountEmbedded(tx, modelId)) === 0) await enqueue(tx, 'remove-vectors', { keep: modelId });
}

/**
 * Removes all vectors but those of the model `keep`, in short transactions. It ends as soon as another embedder serves,
 * which may need what is left; whatever remains is queued again when its time comes.
 */
export async function removeSupersededVectors(keep: number, signal: AbortSignal): Promise<void> {
  let removed = 0;
  while (!signal.aborted) {
    const deleted = await removeSome(keep);
    removed += deleted;
    if (deleted === 0) break;
  }
  log.info({ removed }, 'vectors of former embedders removed');
}

async function removeSome(keep: number): Promise<number> {
  const embedder = await findReady('embedder');
  if (embedder === null) return 0;
  return transaction(ingestActor, async (tx) => {
    if ((await findEmbeddingModel(tx, embedder, embedder.dimensions)) !== keep) return 0;
    // Model by model, so that the rows are found by the primary key and not among those that stay.
    const { numAffectedRows } = await sql`
      delete from vectors
      where ctid = any(array(
        select ctid from vectors
        where embedding_model_id = (
          select m.id from embedding_models m
          where m.id <> ${keep} and exists (select from vectors where embedding_model_id = m.id)
          order by m.id
          limit 1
        )
        limit ${deletedPerTransaction}
      ))`.execute(tx);
    return Number(numAffectedRows ?? 0);
  });
}
