/**
 * The whole of retrieval: by words and by meaning among what the actor may read, fused, without near copies, and in a
 * better order where a reranker is ready. No transaction is open while a model works.
 */
import type { MemberActor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { logger } from '../log.ts';
import { embed, findReady } from '../models/client.ts';
import { keepDistinct } from './distinct.ts';
import { fuse, type Fused } from './fuse.ts';
import { findByWords } from './lexical.ts';
import { findFollowing, readPassages } from './passages.ts';
import { queryTerms } from './query.ts';
import { reorder } from './reorder.ts';
import { findByMeaning } from './semantic.ts';
import { weighQuery } from './weight.ts';
import type { EmbedderUsed, FoundPassage, SearchInput, SearchResult } from './types.ts';

const log = logger('search');
const listLength = 100;
/** Candidates whose text is read: enough to fill the limit after near copies are dropped. */
const readMax = 24;
/** A passage shorter than this among the first few is read on. */
const shortCharacters = 450;
const followedMax = 3;
const followingShare = 0.8;
const embedMillisecondsMax = 3000;

interface QueryVector {
  vector: readonly number[];
  embedder: EmbedderUsed;
}

/** The best passages for a query. Throws Problem 'database-unavailable'; without a model it searches by words alone. */
export async function search(actor: MemberActor, input: SearchInput, signal: AbortSignal): Promise<SearchResult> {
  const words = queryTerms(input.query);
  const scope = input.scope ?? null;
  const [byWords, vector] = await Promise.all([
    transaction(actor, (tx) => findByWords(tx, words, { scope, limit: listLength })),
    embedQuery(input.query, signal),
  ]);
  const weight = weighQuery(words, byWords.frequencies, byWords.visible.chunks);
  const { passages, byMeaning } = await transaction(actor, async (tx) => {
    const nearest = vector === null ? [] : await findByMeaning(tx, vector, { scope, limit: listLength });
    const fused = fuse(byWords.candidates, nearest, weight).slice(0, readMax);
    return { passages: await addFollowing(tx, await readFused(tx, fused)), byMeaning: nearest };
  });
  const ordered = await reorder(input.query, passages, signal);
  return {
    passages: keepDistinct(ordered, input.limit),
    candidates: { lexical: byWords.candidates.length, semantic: byMeaning.length },
    visible: byWords.visible,
    frequencies: byWords.frequencies,
    embedder: byMeaning.length === 0 ? null : (vector?.embedder ?? null),
  };
}

async function readFused(tx: Tx, fused: readonly Fused[]): Promise<FoundPassage[]> {
  const texts = new Map((await readPassages(tx, fused.map((each) => each.chunkId))).map((passage) => [passage.chunkId, passage]));
  return fused.flatMap(({ chunkId, ...scores }) => {
    const passage = texts.get(chunkId);
    return passage === undefined ? [] : [{ ...passage, scores }];
  });
}

/** Adds to each short passage at the head the one that follows it in its document, behind what is clearly better. */
async function addFollowing(tx: Tx, passages: readonly FoundPassage[]): Promise<FoundPassage[]> {
  const short = passages.slice(0, followedMax).filter((passage) => passage.text.length < shortCharacters);
  const following = await findFollowing(tx, short);
  const present = new Set(passages.slice(0, followedMax).map((passage) => passage.chunkId));
  const texts = await readPassages(tx, [...following.values()].filter((id) => !present.has(id)));
  const read = passages.flatMap((passage) => {
    const next = texts.find((each) => each.chunkId === following.get(passage.chunkId));
    if (next === undefined) return [passage];
    const own = passages.find((each) => each.chunkId === next.chunkId)?.scores;
    return [passage, { ...next, scores: { lexical: own?.lexical ?? null, semantic: own?.semantic ?? null, fused: Math.max(own?.fused ?? 0, passage.scores.fused * followingShare) } }];
  });
  return read.toSorted((left, right) => right.scores.fused - left.scores.fused);
}

async function embedQuery(query: string, signal: AbortSignal): Promise<QueryVector | null> {
  if ((await findReady('embedder')) === null) return null;
  try {
    const { vectors, embedder } = await embed([query], { kind: 'query', signal: AbortSignal.any([signal, AbortSignal.timeout(embedMillisecondsMax)]) });
    const vector = vectors[0];
    if (vector === undefined) return null;
    return { vector, embedder: { name: embedder.model ?? '', file: embedder.file, sha256: embedder.sha256 } };
  } catch (error) {
    signal.throwIfAborted();
    log.info({ error: { message: error instanceof Error ? error.message : String(error) } }, 'searched by words alone');
    return null;
  }
}
