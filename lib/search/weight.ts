/** How much a word of a question counts, by how few of the readable chunks hold it. Pure. */

/** What the words of a question weigh together, and the share of it, 0 to 1, that stands in words somebody wrote. */
export interface QueryWeight {
  total: number;
  known: number;
}

/** A word that nobody wrote weighs as much as the rarest. */
export function weighQuery(words: ReadonlyMap<string, number>, frequencies: ReadonlyMap<string, number>, chunks: number): QueryWeight {
  let known = 0;
  let total = 0;
  for (const [term, times] of words) {
    const frequency = frequencies.get(term) ?? 0;
    const weight = times * termWeight(frequency, chunks);
    total += weight;
    if (frequency > 0) known += weight;
  }
  return { total, known: total === 0 ? 0 : known / total };
}

/** BM25's inverse document frequency, in Lucene's form (never negative). */
export function termWeight(frequency: number, chunks: number): number {
  return Math.log(1 + (Math.max(0, chunks - frequency) + 0.5) / (frequency + 0.5));
}
