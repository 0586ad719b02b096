/**
 * Puts two candidate lists in one order. Pure.
 *
 * A weighted sum of scores that are first made comparable, not reciprocal ranks: ranks throw away how far apart the
 * scores stand, and on public sets rank fusion loses to the better of its two lists more often than not. The weight
 * is chosen anew for every question, from the shape of the two lists (docs/decisions/0006-retrieval.md).
 */
import type { Candidate } from './types.ts';
import type { QueryWeight } from './weight.ts';

/** Most weight that vectors get while words find something: also with an embedder unfit for the language, words decide. */
const semanticMax = 0.6;
const headLength = 10;
/** Of the weight, where the best chunk by words is not among the nearest by meaning at all; and the place at which agreement is halved. */
const agreementMin = 0.4;
const placeScale = 3;

export interface Fused {
  chunkId: number;
  lexical: number | null;
  semantic: number | null;
  /** 0 to 1. */
  fused: number;
}

/** Both lists in one order, best first. */
export function fuse(lexical: readonly Candidate[], semantic: readonly Candidate[], query: QueryWeight): Fused[] {
  const weight = semanticWeight(lexical, semantic, query);
  const words = new Map(lexical.map((candidate) => [candidate.chunkId, candidate.score]));
  const meanings = new Map(semantic.map((candidate) => [candidate.chunkId, candidate.score]));
  const ofWords = shareOfBest(lexical);
  const ofMeaning = shareOfRange(semantic);
  const all = new Set([...words.keys(), ...meanings.keys()]);
  return [...all]
    .map((chunkId) => {
      const lexicalScore = words.get(chunkId) ?? null;
      const semanticScore = meanings.get(chunkId) ?? null;
      const fused = (lexicalScore === null ? 0 : (1 - weight) * ofWords(lexicalScore)) + (semanticScore === null ? 0 : weight * ofMeaning(semanticScore));
      return { chunkId, lexical: lexicalScore, semantic: semanticScore, fused };
    })
    .toSorted((left, right) => right.fused - left.fused || left.chunkId - right.chunkId);
}

/**
 * The share, 0 to 1, that meaning has in the order. More of it when its head stands out more from its tail than that
 * of the words: a list that knows gives a few chunks far more than the rest. Less of it the more of the question the
 * best chunk by words holds, and the lower that chunk stands by meaning: an embedder that does not know the language
 * or the subject scatters what words agree on. Where three quarters of the question are in words unknown to the documents,
 * meaning decides.
 */
export function semanticWeight(lexical: readonly Candidate[], semantic: readonly Candidate[], query: QueryWeight): number {
  const best = lexical[0];
  if (semantic.length === 0) return 0;
  if (best === undefined) return 1;
  const [ofWords, ofMeaning] = [standout(lexical), standout(semantic)];
  const byShape = ofWords + ofMeaning === 0 ? 0.5 : ofMeaning / (ofWords + ofMeaning);
  const held = query.total === 0 ? 1 : Math.min(1, best.score / query.total);
  const place = semantic.findIndex((each) => each.chunkId === best.chunkId);
  const agreement = place === -1 ? 0 : 1 / (1 + place / placeScale);
  const weight = semanticMax * byShape * (1 - held) * (agreementMin + (1 - agreementMin) * agreement);
  return Math.max(weight, 1 - 4 * query.known);
}

/** How much of the way from best to last the scores fall within the first ten; 1 for a list that ends before. */
function standout(list: readonly Candidate[]): number {
  const best = list[0]?.score ?? 0;
  const last = list.at(-1)?.score ?? 0;
  const tenth = list[headLength - 1]?.score;
  if (tenth === undefined || list.length === headLength || best === last) return 1;
  return (best - tenth) / (best - last);
}

// BM25 has a true zero, cosine similarity has not.
function shareOfBest(list: readonly Candidate[]): (score: number) => number {
  const best = list[0]?.score ?? 0;
  return (score) => (best > 0 ? score / best : 0);
}

function shareOfRange(list: readonly Candidate[]): (score: number) => number {
  const best = list[0]?.score ?? 0;
  const last = list.at(-1)?.score ?? 0;
  return (score) => (best > last ? (score - last) / (best - last) : 1);
}
