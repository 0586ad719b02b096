/**
 * The whole of retrieval: by words and by meaning among what the actor may read, fused, without near copies, and in a
 * better order where a reranker is ready. No transaction is open while a model works.
 */
import type { MemberActor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { keepDistinct } from './distinct.ts';
import { fuse, type Fused } from './fuse.ts';
import { findByWords } from './lexical.ts';
import { readPassages, type ReadPassage } from './passages.ts';
import { queryTerms } from './query.ts';
import { computeQueryVector } from './query-vector.ts';
import { reorder } from './reorder.ts';
import { findByMeaning } from './semantic.ts';
import { weighQuery } from './weight.ts';
import type { FoundPassage, SearchInput, SearchResult } from './types.ts';

const listLength = 100;
/** Candidates whose text is read: enough to fill the limit after near copies are dropped. */
const readMax = 24;
/** A passage shorter than this among the first few is read on. */
const shortCharacters = 450;
const followedMax = 3;
const followingShare = 0.8;

/** The best passages for a query. Throws Problem 'database-unavailable'; without a model it searches by words alone. */
export async function search(actor: MemberActor, input: SearchInput, signal: AbortSignal): Promise<SearchResult> {
  const words = queryTerms(input.query);
  const options = { scope: input.scope ?? null, limit: listLength };
  const made = input.vector ?? computeQueryVector(input.query, signal);
  // Each list in a transaction of its own: on a server both are made at the same time, and words need no vector to begin.
  const [byWords, byMeaning] = await Promise.all([
    transaction(actor, (tx) => findByWords(tx, words, options)),
    made.then((vector) => (vector === null ? [] : transaction(actor, (tx) => findByMeaning(tx, vector, options)))),
  ]);
  const weight = weighQuery(words, byWords.frequencies, byWords.visible.chunks);
  const fused = fuse(byWords.candidates, byMeaning, weight).slice(0, readMax);
  const passages = await transaction(actor, (tx) => readFused(tx, fused));
  const ordered = await reorder(input.query, passages, signal);
  return {
    passages: keepDistinct(ordered, input.limit),
    candidates: { lexical: byWords.candidates.length, semantic: byMeaning.length },
    visible: byWords.visible,
    frequencies: byWords.frequencies,
    embedder: byMeaning.length === 0 ? null : ((await made)?.embedder ?? null),
  };
}

/** The passages in their order; behind each short one at the head, and what is clearly better, the one that follows it in its document. */
async function readFused(tx: Tx, fused: readonly Fused[]): Promise<FoundPassage[]> {
  const ids = fused.map((each) => each.chunkId);
  const { read, following } = await readPassages(tx, ids, ids.slice(0, followedMax));
  const passages = fused.flatMap(({ chunkId, ...scores }) => {
    const passage = read.get(chunkId);
    return passage === undefined ? [] : [{ ...passage, scores }];
  });
  return addFollowing(passages, following);
}

function addFollowing(passages: readonly FoundPassage[], following: ReadonlyMap<number, ReadPassage>): FoundPassage[] {
  const head = passages.slice(0, followedMax);
  const all = passages.flatMap((passage) => {
    const next = passage.text.length < shortCharacters ? following.get(passage.chunkId) : undefined;
    if (next === undefined || head.some((each) => each.chunkId === next.chunkId)) return [passage];
    const own = passages.find((each) => each.chunkId === next.chunkId)?.scores;
    return [passage, { ...next, scores: { lexical: own?.lexical ?? null, semantic: own?.semantic ?? null, fused: Math.max(own?.fused ?? 0, passage.scores.fused * followingShare) } }];
  });
  return all.toSorted((left, right) => right.scores.fused - left.scores.fused);
}
