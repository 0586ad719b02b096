/**
 * Nearest vectors among the chunks that the actor may read, by an exact scan of those: with an index over everybody's
 * vectors a person who may read little got few rows and wrong ones, and their number told of hidden text
 * (docs/decisions/0006-retrieval.md). Vectors of two models are never compared.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../db/transaction.ts';
import { selectEmbeddingModel } from '../models/embedding-model.ts';
import type { Candidate, EmbedderUsed } from './types.ts';

const rowsSchema = z.array(z.object({ chunkId: z.number(), score: z.number() }));

/** The best `limit` chunks by cosine similarity (-1 to 1), within `scope` where given. Empty when nothing is embedded by that model. */
export async function findByMeaning(
  tx: Tx,
  query: { vector: readonly number[]; embedder: EmbedderUsed },
  options: { scope: readonly string[] | null; limit: number },
): Promise<Candidate[]> {
  const embedder = { model: query.embedder.name, sha256: query.embedder.sha256 };
  const vector = `[${query.vector.join(',')}]`;
  // As an array the versions are looked up in the index; as a subquery the planner reads all vectors to leave most of them out.
  const { rows } = await sql<unknown>`
    select e.chunk_id as "chunkId", 1 - (e.embedding <=> ${vector}::vector) as score
    from vectors e
    where e.embedding_model_id = (${selectEmbeddingModel(tx, embedder, query.vector.length)})
      and e.version_id = any(array(
        select version_id from current_versions()
        where ${options.scope}::uuid[] is null or collection_id = any(${options.scope}::uuid[])
      ))
    order by e.embedding <=> ${vector}::vector, e.chunk_id
    limit ${options.limit}::int`.execute(tx);
  return rowsSchema.parse(rows).filter((row) => Number.isFinite(row.score));
}
