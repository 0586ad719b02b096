/** Loads many texts at once, stored as ingestion stores them. */
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openDatabase } from '#lib/db/pool.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { chunkTerms } from '#lib/search/terms.ts';

export interface LoadedDocument {
  title: string;
  texts: readonly string[];
  vectors?: readonly (readonly number[])[];
}

const documentsPerTransaction = 100;

/** Returns the ids of the documents, in order. */
export async function loadDocuments(admin: MemberActor, collectionId: string, options: { documents: readonly LoadedDocument[]; modelId?: number }): Promise<string[]> {
  const ids = options.documents.map(() => randomUUID());
  for (let start = 0; start < ids.length; start += documentsPerTransaction) {
    const batch = options.documents.slice(start, start + documentsPerTransaction).map((document, index) => ({ ...document, id: ids[start + index] ?? '', versionId: randomUUID() }));
    await transaction(admin, async (tx) => {
      await tx.insertInto('documents').values(batch.map(({ id, title }) => ({ id, collection_id: collectionId, title }))).execute();
      await tx.insertInto('versions').values(batch.map(({ id, versionId, title, texts }) => ({
        id: versionId, document_id: id, number: 1, file_name: title, format: 'text' as const, bytes: 1, sha256: '0'.repeat(64), state: 'ready' as const,
        valid_from: new Date(), chunk_count: texts.length,
      }))).execute();
    });
    await transaction(ingestActor, async (tx) => {
      for (const document of batch) await store(tx, document, options.modelId);
    });
  }
  return ids;
}

async function store(tx: Tx, document: LoadedDocument & { id: string; versionId: string }, modelId: number | undefined): Promise<void> {
  const rows = document.texts.map((text, ordinal) => ({ ordinal, text, found: chunkTerms({ title: document.title, headings: [], text }) }));
  const chunks = rows.map(({ ordinal, text, found }) => ({
    ordinal, text, term_count: found.length, text_sha256: createHash('sha256').update(text).digest('hex'),
    place: { from: { block: ordinal, offset: 0 }, to: { block: ordinal, offset: text.length }, headings: [] },
  }));
  const inserted = await sql<{ ordinal: number; id: number }>`
    insert into chunks (version_id, document_id, ordinal, text, text_sha256, place, term_count)
    select ${document.versionId}, ${document.id}, c.ordinal, c.text, c.text_sha256, c.place, c.term_count
    from jsonb_to_recordset(${JSON.stringify(chunks)}::jsonb) as c (ordinal int, text text, text_sha256 text, place jsonb, term_count int)
    order by c.ordinal returning ordinal, id`.execute(tx);
  const ids = new Map(inserted.rows.map((row) => [row.ordinal, row.id]));
  const postings = new Map<string, Map<number, number>>();
  for (const { ordinal, found } of rows) {
    const id = ids.get(ordinal) ?? 0;
    for (const term of found) {
      const counts = postings.get(term) ?? new Map<number, number>();
      postings.set(term, counts.set(id, Math.min(32_767, (counts.get(id) ?? 0) + 1)));
    }
  }
  const lists = [...postings].map(([term, counts]) => ({ term, ids: `{${[...counts.keys()].join(',')}}`, counts: `{${[...counts.values()].join(',')}}` }));
  await sql`insert into postings (term, version_id, document_id, chunk_ids, frequencies)
    select p.term, ${document.versionId}, ${document.id}, p.ids::bigint[], p.counts::smallint[]
    from jsonb_to_recordset(${JSON.stringify(lists)}::jsonb) as p (term text, ids text, counts text)`.execute(tx);
  if (modelId === undefined || document.vectors === undefined) return;
  const vectors = document.vectors.map((vector, ordinal) => ({ id: ids.get(ordinal), v: `[${vector.join(',')}]` }));
  await sql`insert into vectors (embedding_model_id, chunk_id, document_id, version_id, embedding)
    select ${modelId}, v.id, ${document.id}, ${document.versionId}, v.v::vector
    from jsonb_to_recordset(${JSON.stringify(vectors)}::jsonb) as v (id bigint, v text)`.execute(tx);
}

/** Fresh statistics, as a server's autovacuum keeps them. */
export async function analyze(url: string): Promise<void> {
  const db = openDatabase(url, 1);
  await sql`vacuum analyze`.execute(db);
  await db.destroy();
}
