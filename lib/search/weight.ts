/** How much a word of a question counts, by how few of the readable chunks hold it. Pure. */

/** The share of the question's weight that stands in words somebody wrote. A word that nobody wrote weighs as much as the rarest. */
export function knownShare(words: ReadonlyMap<string, number>, frequencies: ReadonlyMap<string, number>, chunks: number): number {
  let known = 0;
  let all = 0;
  for (const [term, times] of words) {
    const frequency = frequencies.get(term) ?? 0;
    const weight = times * termWeight(frequency, chunks);
    all += weight;
    if (frequency > 0) known += weight;
  }
  return all === 0 ? 0 : known / all;
}

/** BM25's inverse document frequency, in Lucene's form (never negative). */
export function termWeight(frequency: number, chunks: number): number {
  return Math.log(1 + (Math.max(0, chunks - frequency) + 0.5) / (frequency + 0.5));
}
