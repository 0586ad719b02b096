/**
 * BM25 over the chunks that the actor may read, in one statement. The number of chunks and how many hold a term are
 * counted over those alone: text somebody may not read changes neither order nor score of what they find.
 *
 * Rare terms first: frequent terms cannot bring in a chunk of their own once rare ones gave enough candidates,
 * they only add to the scores of those (the idea of MaxScore; Turtle and Flood, 1995).
 */
import { sql, type QueryResult } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../db/transaction.ts';
import type { Candidate, Visible } from './types.ts';

// Lucene's defaults.
const k1 = 1.2;
const b = 0.75;
/**
 * Length that counts as usual. A constant and not the mean: the mean over what one person may read costs a scan of
 * it for every question, and on SciFact and XQuAD the constant did as well (docs/decisions/0005-retrieval.md).
 */
const usualTerms = 200;
/** Occurrences looked at to find candidates; reached only by frequent terms in tens of thousands of chunks. */
const occurrencesMax = 30_000;
const candidatesMax = 500;

export interface LexicalResult {
  /** Best first. */
  candidates: Candidate[];
  visible: Visible;
  frequencies: Map<string, number>;
}

const rowSchema = z.object({
  collections: z.number(),
  documents: z.number(),
  chunks: z.number(),
  frequencies: z.array(z.tuple([z.string(), z.number()])),
  found: z.array(z.tuple([z.number(), z.number()])),
});

/** The best `limit` chunks for the terms of a query, within `scope` where given. */
export async function findByWords(
  tx: Tx,
  query: ReadonlyMap<string, number>,
  options: { scope: readonly string[] | null; limit: number },
): Promise<LexicalResult> {
  const words = [...query.keys()];
  const row = rowSchema.parse((await runQuery(tx, { words, times: [...query.values()] }, options)).rows[0]);
  return {
    candidates: row.found.map(([chunkId, score]) => ({ chunkId, score })),
    visible: { collections: row.collections, documents: row.documents, chunks: row.chunks },
    frequencies: new Map(words.map((word) => [word, row.frequencies.find(([term]) => term === word)?.[1] ?? 0])),
  };
}

interface Terms {
  words: readonly string[];
  /** How often the question says each. */
  times: readonly number[];
}

function runQuery(tx: Tx, { words, times }: Terms, options: { scope: readonly string[] | null; limit: number }): Promise<QueryResult<unknown>> {
  return sql<unknown>`
    with visible as materialized (
      select version_id as id, chunk_count, collection_id from current_versions()
      where ${options.scope}::uuid[] is null or collection_id = any(${options.scope}::uuid[])
    ),
    size as (
      select count(distinct collection_id)::int as collections, count(*)::int as documents,
        coalesce(sum(chunk_count), 0)::int as chunks
      from visible
    ),
    query as (select * from unnest(${words}::text[], ${times}::float8[]) as q (term, times)),
    hits as materialized (
      select p.term, p.version_id, p.chunk_ids, p.frequencies
      from postings p
      where p.term = any(${words}::text[]) and p.version_id in (select id from visible)
    ),
    frequency as (select term, sum(cardinality(chunk_ids))::float8 as chunks from hits group by term),
    weights as materialized (
      select f.term, f.chunks,
        q.times * ln(1 + (greatest(s.chunks - f.chunks, 0) + 0.5) / (f.chunks + 0.5)) as weight,
        sum(f.chunks) over (order by f.chunks, f.term) - f.chunks < ${occurrencesMax}::int as leads
      from frequency f join query q using (term) cross join size s
    ),
    candidates as materialized (
      select o.chunk_id, sum(w.weight * o.times / (o.times + ${k1}::float8)) as rough
      from hits h join weights w on w.term = h.term and w.leads
      cross join lateral unnest(h.chunk_ids, h.frequencies) as o (chunk_id, times)
      group by o.chunk_id order by rough desc, o.chunk_id limit ${candidatesMax}::int
    ),
    measured as materialized (
      select c.chunk_id, k.version_id, k.term_count
      from candidates c join chunks k on k.id = c.chunk_id
    ),
    scored as (
      select m.chunk_id,
        sum(w.weight * o.times / (o.times + ${k1}::float8 * (1 - ${b}::float8 + ${b}::float8 * m.term_count / ${usualTerms}::float8))) as score
      from hits h
      join weights w on w.term = h.term
      cross join lateral unnest(h.chunk_ids, h.frequencies) as o (chunk_id, times)
      join measured m on m.chunk_id = o.chunk_id
      where h.version_id in (select version_id from measured)
      group by m.chunk_id order by score desc, m.chunk_id limit ${options.limit}::int
    )
    select s.collections, s.documents, s.chunks,
      coalesce((select json_agg(json_build_array(term, chunks)) from frequency), '[]') as frequencies,
      coalesce((select json_agg(json_build_array(chunk_id, score) order by score desc, chunk_id) from scored), '[]') as found
    from size s`.execute(tx);
}
