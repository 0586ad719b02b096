/** Lets a reranking model put the best passages in order, when one is ready and answers in time; else the order stays. */
import { findReady, rerank } from '../models/client.ts';
import { logger } from '../log.ts';
import type { FoundPassage } from './types.ts';

const log = logger('search');
const depth = 16;
const millisecondsMax = 1500;
/** A model that gives everything the same score has not understood the question and would shuffle at random. */
const spreadMin = 0.02;

/** `passages` best first, the head of them as the reranker orders it. */
export async function reorder(query: string, passages: readonly FoundPassage[], signal: AbortSignal): Promise<FoundPassage[]> {
  if (passages.length < 2 || (await findReady('reranker')) === null) return [...passages];
  const head = passages.slice(0, depth);
  try {
    const ranked = await rerank(query, head.map((passage) => passage.text), AbortSignal.any([signal, AbortSignal.timeout(millisecondsMax)]));
    const spread = (ranked[0]?.score ?? 0) - (ranked.at(-1)?.score ?? 0);
    if (spread < spreadMin) return [...passages];
    const ordered = ranked.flatMap(({ index, score }) => head.slice(index, index + 1).map((passage) => withScore(passage, score)));
    return [...ordered, ...passages.slice(depth)];
  } catch (error) {
    signal.throwIfAborted();
    log.info({ error: { message: error instanceof Error ? error.message : String(error) } }, 'reranking was left out');
    return [...passages];
  }
}

function withScore(passage: FoundPassage, score: number): FoundPassage {
  return { ...passage, scores: { ...passage.scores, fused: Math.min(1, Math.max(0, score)) } };
}
