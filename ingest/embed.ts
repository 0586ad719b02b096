/**
 * Gives the chunks of a version their vectors, in batches that are kept as they come: what was embedded before an
 * interruption is not embedded again. Without an embedder it does nothing, and the version is found by its words.
 */
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { isProblem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { embed, findReady } from '#lib/models/client.ts';
import { findEmbeddingModel, keepEmbeddingModel, type Embedder } from '#lib/models/embedding-model.ts';
import { LeaseLost, whileHeld, type Lease } from './lease.ts';
import { toFloatArray } from './vectors.ts';

const log = logger('ingest');
/** Texts in one request to the models process: a few seconds of work on two cores, so that progress moves and a stop is quick. */
const chunksPerBatch = 32;

export type Held = Pick<Lease, 'versionId' | 'documentId' | 'title' | 'attempt'>;

interface Waiting {
  id: number;
  text: string;
  headings: string[];
}

/**
 * Embeds the chunks that have no vector of the embedder that serves now. Returns false when some remain without one
 * because there is no embedder, it went away, or another took its place. Throws LeaseLost and database errors.
 */
export async function embedVersion(held: Held, signal: AbortSignal): Promise<boolean> {
  const embedder = await findReady('embedder');
  if (embedder === null) return false;
  const modelId = await transaction(ingestActor, (tx) => findEmbeddingModel(tx, embedder, embedder.dimensions));
  await countEmbedded(held, modelId);
  let after = 0;
  for (;;) {
    signal.throwIfAborted();
    const waiting = await readWaiting(held, modelId, after);
    const last = waiting.at(-1);
    if (last === undefined) return true;
    const vectors = await tryEmbed(held, waiting, embedder);
    if (vectors === null) return false;
    await whileHeld(held, (tx) => storeVectors(tx, { held, embedder, chunkIds: waiting.map((chunk) => chunk.id), vectors }));
    after = last.id;
  }
}

/** Vectors for these chunks, null when the embedder is gone or another one answered. */
async function tryEmbed(held: Held, waiting: readonly Waiting[], embedder: Embedder): Promise<readonly (readonly number[])[] | null> {
  // The same words that the lexical index holds for a chunk: a passage is often about what its headings say.
  const texts = waiting.map((chunk) => [held.title, ...chunk.headings, chunk.text].join('\n'));
  try {
    const answer = await embed(texts, { kind: 'passage' });
    const same = answer.embedder.model === embedder.model && answer.embedder.sha256 === embedder.sha256;
    return same ? answer.vectors : null;
  } catch (error) {
    if (!isProblem(error, 'model-unavailable') && !isProblem(error, 'model-busy') && !isProblem(error, 'context-exceeded')) throw error;
    log.warn({ versionId: held.versionId, code: error.code }, 'the embedder did not answer; the version is found by its words until it does');
    return null;
  }
}

async function countEmbedded(held: Held, modelId: number | null): Promise<void> {
  await whileHeld(held, (tx) => sql`
    update versions
    set chunks_embedded = (select count(*) from vectors where version_id = ${held.versionId} and embedding_model_id = ${modelId}::int)
    where id = ${held.versionId}`.execute(tx));
}

/** Counts the vectors of that model for every version. Returns how many versions had another number. */
export async function recountEmbedded(tx: Tx, modelId: number | null): Promise<number> {
  const { numAffectedRows } = await sql`
    with counts as (select version_id, count(*) as count from vectors where embedding_model_id = ${modelId}::int group by version_id)
    update versions v
    set chunks_embedded = coalesce(c.count, 0)
    from versions u left join counts c on c.version_id = u.id
    where u.id = v.id and v.state = 'ready' and v.chunks_embedded <> coalesce(c.count, 0)`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

async function readWaiting(held: Held, modelId: number | null, after: number): Promise<Waiting[]> {
  return whileHeld(held, async (tx) => {
    const { rows } = await sql<Waiting>`
      select c.id, c.text, coalesce(c.place -> 'headings', '[]'::jsonb) as headings
      from chunks c
      where c.version_id = ${held.versionId}
        and c.id > ${after}
        and not exists (select from vectors where chunk_id = c.id and embedding_model_id = ${modelId}::int)
      order by c.id
      limit ${chunksPerBatch}`.execute(tx);
    return rows;
  });
}

interface Embedded {
  held: Held;
  embedder: Embedder;
  chunkIds: readonly number[];
  vectors: readonly (readonly number[])[];
}

async function storeVectors(tx: Tx, { held, embedder, chunkIds, vectors }: Embedded): Promise<void> {
  const dimensions = vectors[0]?.length ?? 0;
  const modelId = await keepEmbeddingModel(tx, embedder, dimensions);
  // One binary parameter cut into rows is about ten times faster than a text for each vector.
  const inserted = await sql`
    insert into vectors (embedding_model_id, chunk_id, document_id, version_id, embedding)
    select ${modelId}, ids[n], ${held.documentId}, ${held.versionId}, (numbers[(n - 1) * ${dimensions}::int + 1 : n * ${dimensions}::int])::vector
    from (select ${toFloatArray(vectors)}::float4[] as numbers, ${[...chunkIds]}::bigint[] as ids) as given,
      generate_series(1, ${vectors.length}::int) as n
    on conflict do nothing`.execute(tx);
  await sql`
    update versions set chunks_embedded = chunks_embedded + ${Number(inserted.numAffectedRows ?? 0)}::int
    where id = ${held.versionId}`.execute(tx);
}

/** The job that embeds a version which was made ready without its vectors, or with those of another embedder. */
export async function embedReadyVersion(versionId: string, signal: AbortSignal): Promise<void> {
  const held = await readHeld(versionId);
  if (held === null) return;
  try {
    const complete = await embedVersion(held, signal);
    log.info({ versionId, complete }, 'version embedded');
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
}

async function readHeld(versionId: string): Promise<Held | null> {
  return transaction(ingestActor, async (tx) => {
    const { rows } = await sql<Held>`
      select v.id as "versionId", v.document_id as "documentId", d.title, v.attempt
      from versions v
      join documents d on d.id = v.document_id
      where v.id = ${versionId} and v.state = 'ready' and d.deleted_at is null`.execute(tx);
    return rows[0] ?? null;
  });
}
