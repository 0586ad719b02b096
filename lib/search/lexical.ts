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
import { termWeight } from './weight.ts';

// Lucene's defaults.
const k1 = 1.2;
const b = 0.75;
/**
 * Length that counts as usual. A constant and not the mean: the mean over what one person may read costs a scan of
 * it for every question, and on SciFact and XQuAD the constant did as well (docs/decisions/0006-retrieval.md).
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

const pairs = z.array(z.tuple([z.number(), z.number()]));
const rowSchema = z.object({
  collections: z.number(),
  documents: z.number(),
  chunks: z.number(),
  frequencies: z.array(z.tuple([z.string(), z.number()])),
  /** Candidates with their length in terms. */
  lengths: pairs,
  occurrences: z.array(z.tuple([z.number(), z.string(), z.number()])),
});
type Row = z.infer<typeof rowSchema>;

/** The best `limit` chunks for the terms of a query, within `scope` where given. */
export async function findByWords(
  tx: Tx,
  query: ReadonlyMap<string, number>,
  options: { scope: readonly string[] | null; limit: number },
): Promise<LexicalResult> {
  const words = [...query.keys()];
  const row = rowSchema.parse((await runQuery(tx, { words, times: [...query.values()] }, options.scope)).rows[0]);
  const frequencies = new Map(row.frequencies);
  return {
    candidates: score(query, row).slice(0, options.limit),
    visible: { collections: row.collections, documents: row.documents, chunks: row.chunks },
    frequencies: new Map(words.map((word) => [word, frequencies.get(word) ?? 0])),
  };
}

/**
 * BM25 of every candidate, best first. Its parts are added in the order of the question's words and not as rows come:
 * that order depends on rows too that the asker may not read, and the last digit of a sum depends on the order.
 */
function score(query: ReadonlyMap<string, number>, row: Row): Candidate[] {
  const weights = new Map(row.frequencies.map(([term, chunks]) => [term, (query.get(term) ?? 0) * termWeight(chunks, row.chunks)]));
  const places = new Map([...query.keys()].map((term, place) => [term, place]));
  const parts = new Map<number, number[]>(row.lengths.map(([chunkId]) => [chunkId, Array.from(places, () => 0)]));
  const lengths = new Map(row.lengths);
  for (const [chunkId, term, times] of row.occurrences) {
    const [own, place, length] = [parts.get(chunkId), places.get(term), lengths.get(chunkId)];
    if (own === undefined || place === undefined || length === undefined) continue;
    own[place] = ((weights.get(term) ?? 0) * times) / (times + k1 * (1 - b + (b * length) / usualTerms));
  }
  return [...parts]
    .map(([chunkId, own]) => ({ chunkId, score: own.reduce((sum, part) => sum + part, 0) }))
    .toSorted((left, right) => right.score - left.score || left.chunkId - right.chunkId);
}

interface Terms {
  words: readonly string[];
  /** How often the question says each. */
  times: readonly number[];
}

/**
 * Everything BM25 needs, in one statement. The last sums are left to JavaScript: a join of unnested arrays is
 * estimated so badly that it was carried out in nested loops, a hundred times slower. `is true` keeps a membership
 * from becoming such a join, and `real` what the order of rows does to the last digits of a sum from deciding.
 */
function runQuery(tx: Tx, { words, times }: Terms, scope: readonly string[] | null): Promise<QueryResult<unknown>> {
  return sql<unknown>`
    with visible as materialized (
      select version_id as id, chunk_count, collection_id from current_versions()
      where ${scope}::uuid[] is null or collection_id = any(${scope}::uuid[])
    ),
    size as materialized (
      select count(distinct collection_id)::int as collections, count(*)::int as documents,
        coalesce(sum(chunk_count), 0)::int as chunks
      from visible
    ),
    query as (select * from unnest(${words}::text[], ${times}::float8[]) as q (term, times)),
    hits as materialized (
      select p.term, p.chunk_ids, p.frequencies
      from postings p
      where p.term = any(${words}::text[]) and (p.version_id in (select id from visible)) is true
    ),
    frequency as materialized (select term, sum(cardinality(chunk_ids))::float8 as chunks from hits group by term),
    weights as materialized (
      select f.term,
        q.times * ln(1 + (greatest(s.chunks - f.chunks, 0) + 0.5) / (f.chunks + 0.5)) as weight,
        sum(f.chunks) over (order by f.chunks, f.term) - f.chunks < ${occurrencesMax}::int as leads
      from frequency f join query q using (term) cross join size s
    ),
    occurrences as materialized (
      select o.chunk_id, h.term, o.times, w.weight * o.times / (o.times + ${k1}::float8) as part
      from hits h join weights w on w.term = h.term and w.leads
      cross join lateral unnest(h.chunk_ids, h.frequencies) as o (chunk_id, times)
    ),
    candidates as materialized (
      select chunk_id from occurrences group by chunk_id order by sum(part)::real desc, chunk_id limit ${candidatesMax}::int
    ),
    counted as (
      select chunk_id, term, times from occurrences where (chunk_id in (select chunk_id from candidates)) is true
      union all
      select o.chunk_id, h.term, o.times
      from hits h join weights w on w.term = h.term and not w.leads
      cross join lateral unnest(h.chunk_ids, h.frequencies) as o (chunk_id, times)
      where (o.chunk_id in (select chunk_id from candidates)) is true
    ),
    measured as (select k.id, k.term_count from candidates c join chunks k on k.id = c.chunk_id)
    select s.collections, s.documents, s.chunks,
      coalesce((select json_agg(json_build_array(term, chunks)) from frequency), '[]') as frequencies,
      coalesce((select json_agg(json_build_array(id, term_count)) from measured), '[]') as lengths,
      coalesce((select json_agg(json_build_array(chunk_id, term, times)) from counted), '[]') as occurrences
    from size s`.execute(tx);
}
