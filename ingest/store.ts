/**
 * Writes what was read from a file: blocks, chunks and the lexical index, in many short transactions because on the
 * embedded database everybody waits for an open one. Nothing of it is found before `publish` makes the version
 * current, in one transaction, so a worker that ends midway leaves nothing half visible; the next one starts clean.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { appendRecord } from '#lib/audit/append.ts';
import type { Tx } from '#lib/db/transaction.ts';
import type { Block, ParsedDocument, Place } from '#lib/documents/types.ts';
import { batches } from './batches.ts';
import { whileHeld, type Lease } from './lease.ts';
import { collectPostings, indexChunk, type IndexedChunk, type Posting } from './postings.ts';

/** What one transaction writes: about 20 to 50 ms on the embedded database. */
const rowsPerTransaction = 500;
const charactersPerTransaction = 1_000_000;
const deletedPerTransaction = 2000;

export interface Chunk {
  ordinal: number;
  text: string;
  place: Place;
}

/** Removes what an earlier, unfinished attempt left. */
export async function clear(lease: Lease): Promise<void> {
  for (const table of ['postings', 'vectors', 'chunks', 'blocks'] as const) {
    while ((await whileHeld(lease, (tx) => deleteSome(tx, table, lease.versionId))) > 0);
  }
}

/** Deletes up to 2,000 rows of the version; returns how many there were. */
export async function deleteSome(tx: Tx, table: 'postings' | 'vectors' | 'chunks' | 'blocks', versionId: string): Promise<number> {
  const name = sql.table(table);
  const { numAffectedRows } = await sql`
    delete from ${name}
    where ctid = any(array(select ctid from ${name} where version_id = ${versionId} limit ${deletedPerTransaction}))`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

export async function storeBlocks(lease: Lease, blocks: readonly Block[]): Promise<void> {
  const texts = blocks.map((block) => JSON.stringify(block));
  let first = 0;
  for (const batch of batches(texts, { countMax: rowsPerTransaction, sizeMax: charactersPerTransaction, sizeOf: (text) => text.length })) {
    await whileHeld(lease, (tx) => sql`
      insert into blocks (version_id, document_id, ordinal, page, body)
      select ${lease.versionId}, ${lease.documentId}, ${first}::int + ordinality - 1, (body ->> 'page')::int, body
      from jsonb_array_elements(${`[${batch.join(',')}]`}::jsonb) with ordinality as block (body, ordinality)`.execute(tx));
    first += batch.length;
  }
}

/** Writes the chunks and the lexical index over them; returns how many rows the index has. */
export async function storeChunks(lease: Lease, chunks: readonly Chunk[]): Promise<number> {
  const ids = new Map<number, number>();
  const indexed: IndexedChunk[] = [];
  // Terms are counted batch by batch, so that the process answers in between: health checks, heartbeats, other documents.
  for (const batch of batches(chunks, { countMax: rowsPerTransaction, sizeMax: charactersPerTransaction, sizeOf: (chunk) => chunk.text.length })) {
    const counted = batch.map((chunk) => indexChunk({ ordinal: chunk.ordinal, title: lease.title, headings: chunk.place.headings, text: chunk.text }));
    const rows = batch.map((chunk, index) => toRow(chunk, counted[index]?.termCount ?? 0));
    for (const { ordinal, id } of await whileHeld(lease, (tx) => insertChunks(tx, lease, rows))) ids.set(ordinal, id);
    indexed.push(...counted);
  }
  const postings = collectPostings(indexed, (ordinal) => {
    const id = ids.get(ordinal);
    if (id === undefined) throw new Error(`Chunk ${ordinal} was not stored.`);
    return id;
  });
  await storePostings(lease, postings);
  return postings.length;
}

function toRow({ ordinal, text, place }: Chunk, termCount: number): string {
  return JSON.stringify({ ordinal, text, place, text_sha256: createHash('sha256').update(text).digest('hex'), term_count: termCount });
}

async function insertChunks(tx: Tx, lease: Lease, rows: readonly string[]): Promise<{ ordinal: number; id: number }[]> {
  const inserted = await sql<{ ordinal: number; id: number }>`
    insert into chunks (version_id, document_id, ordinal, text, text_sha256, place, term_count)
    select ${lease.versionId}, ${lease.documentId}, c.ordinal, c.text, c.text_sha256, c.place, c.term_count
    from jsonb_to_recordset(${`[${rows.join(',')}]`}::jsonb)
      as c (ordinal int, text text, text_sha256 text, place jsonb, term_count int)
    order by c.ordinal
    returning ordinal, id`.execute(tx);
  return inserted.rows;
}

async function storePostings(lease: Lease, postings: readonly Posting[]): Promise<void> {
  const rows = postings.map((posting) => JSON.stringify({ term: posting.term, ids: `{${posting.chunkIds.join(',')}}`, counts: `{${posting.frequencies.join(',')}}` }));
  for (const batch of batches(rows, { countMax: 4 * rowsPerTransaction, sizeMax: charactersPerTransaction, sizeOf: (row) => row.length })) {
    await whileHeld(lease, (tx) => sql`
      insert into postings (term, version_id, document_id, chunk_ids, frequencies)
      select p.term, ${lease.versionId}, ${lease.documentId}, p.ids::bigint[], p.counts::smallint[]
      from jsonb_to_recordset(${`[${batch.join(',')}]`}::jsonb) as p (term text, ids text, counts text)`.execute(tx));
  }
}

/** Notes how the reading went and that the passages are being embedded. */
export async function noteReading(lease: Lease, parsed: ParsedDocument, chunkCount: number): Promise<void> {
  await whileHeld(lease, (tx) =>
    tx.updateTable('versions')
      .set({ state: 'embedding', chunk_count: chunkCount, page_count: parsed.pageCount ?? null, warnings: JSON.stringify(parsed.warnings) })
      .where('id', '=', lease.versionId)
      .execute());
}

/**
 * Makes the version ready, and the one that answers rest on unless a newer one is that already. The version before is
 * closed with an end time in the same transaction, so that at no moment both or neither answer.
 */
export async function publish(lease: Lease): Promise<void> {
  await whileHeld(lease, async (tx) => {
    // Two versions of a document may be ready at the same moment; one after the other decides.
    await sql`select 1 from documents where id = ${lease.documentId} for update`.execute(tx);
    const newer = await tx.selectFrom('versions').select('id').where('document_id', '=', lease.documentId)
      .where('number', '>', lease.number).where('valid_from', 'is not', null).limit(1).executeTakeFirst();
    const current = newer === undefined;
    if (current) {
      await tx.updateTable('versions').set({ valid_to: sql`now()` }).where('document_id', '=', lease.documentId)
        .where('valid_from', 'is not', null).where('valid_to', 'is', null).execute();
    }
    const ready = await tx.updateTable('versions')
      .set({ state: 'ready', ...(current ? { valid_from: sql`now()`, valid_to: null } : {}) })
      .where('id', '=', lease.versionId)
      .returning(['chunk_count', 'chunks_embedded', 'page_count'])
      .executeTakeFirstOrThrow();
    await appendRecord(tx, ingestActor, {
      event: 'version.ready',
      subject: { kind: 'document', id: lease.documentId, name: lease.title },
      collectionId: lease.collectionId,
      documentId: lease.documentId,
      details: { versionId: lease.versionId, version: lease.number, sha256: lease.sha256, current, chunks: ready.chunk_count, chunksEmbedded: ready.chunks_embedded, pages: ready.page_count },
    });
  });
}

/** Ends the version as failed, with the sentence that people are shown. */
export async function noteFailure(lease: Lease, problem: { code: string; detail: string }): Promise<void> {
  await whileHeld(lease, async (tx) => {
    await tx.updateTable('versions').set({ state: 'failed', problem_code: problem.code, problem_detail: problem.detail }).where('id', '=', lease.versionId).execute();
    await appendRecord(tx, ingestActor, {
      event: 'version.failed',
      outcome: 'failed',
      subject: { kind: 'document', id: lease.documentId, name: lease.title },
      collectionId: lease.collectionId,
      documentId: lease.documentId,
      details: { versionId: lease.versionId, version: lease.number, sha256: lease.sha256, code: problem.code },
    });
  });
}
