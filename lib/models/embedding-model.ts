/**
 * Which row of embedding_models stands for the embedder that serves now. Ingestion and search both ask here, so that
 * a query is only ever compared with vectors of the very same file.
 */
import type { Tx } from '../db/transaction.ts';
import type { RoleStatus } from './types.ts';

export type Embedder = Pick<RoleStatus, 'model' | 'sha256'>;

/**
 * Id of the embedding model, null while nothing was embedded with it. A foreign server tells no hash: there the name
 * decides. `dimensions` is null where the server did not tell; then the newest one counts.
 */
export async function findEmbeddingModel(tx: Tx, embedder: Embedder, dimensions: number | null): Promise<number | null> {
  return (await selectEmbeddingModel(tx, embedder, dimensions).executeTakeFirst())?.id ?? null;
}

/** The same as a query, to be asked within another one. */
export function selectEmbeddingModel(tx: Tx, embedder: Embedder, dimensions: number | null) {
  return tx
    .selectFrom('embedding_models')
    .select('id')
    .where('sha256', '=', embedder.sha256 ?? '')
    .$if(dimensions !== null, (query) => query.where('dimensions', '=', dimensions ?? 0))
    .$if(embedder.sha256 === null, (query) => query.where('name', '=', embedder.model ?? ''))
    .orderBy('id', 'desc')
    .limit(1);
}

/** The same for ingestion, which adds the row when it is missing. */
export async function keepEmbeddingModel(tx: Tx, embedder: Embedder, dimensions: number): Promise<number> {
  const known = await findEmbeddingModel(tx, embedder, dimensions);
  if (known !== null) return known;
  await tx
    .insertInto('embedding_models')
    .values({ name: embedder.model ?? '', sha256: embedder.sha256 ?? '', dimensions })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const added = await findEmbeddingModel(tx, embedder, dimensions);
  if (added === null) throw new Error('The embedding model could not be written down.');
  return added;
}
