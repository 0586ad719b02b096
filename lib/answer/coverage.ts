/** How much of what a question asks about a text holds, weighted by how rare the words are. Pure. */
import { terms } from '../search/terms.ts';
import { termWeight } from '../search/weight.ts';

/** The question's words with how much each counts. */
export type Weights = ReadonlyMap<string, number>;

/** What the asker says now counts more than what was filled in from the question before. */
const ownFactor = 3;

/** A word that none of the readable documents holds counts like one that a single passage holds. `own`: words of the question itself. */
export function weigh(words: ReadonlyMap<string, number>, own: ReadonlyMap<string, number>, { frequencies, chunks }: { frequencies: ReadonlyMap<string, number>; chunks: number }): Weights {
  return new Map([...words.keys()].map((word) => {
    const weight = termWeight(frequencies.get(word) ?? 0, Math.max(chunks, 1));
    return [word, own.has(word) ? weight * ownFactor : weight];
  }));
}

/** 0 (none of it) to 1 (all of it). */
export function coverage(weights: Weights, text: string): number {
  return coverageOf(weights, new Set(terms(text)));
}

export function coverageOf(weights: Weights, held: ReadonlySet<string>): number {
  let all = 0;
  let found = 0;
  for (const [word, weight] of weights) {
    all += weight;
    if (held.has(word)) found += weight;
  }
  return all === 0 ? 0 : found / all;
}
