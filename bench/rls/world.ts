/**
 * A company of 1,000 collections for measuring retrieval under rights: each collection's texts stand in a cluster of
 * their own, which is the hardest case for an index that filters after the search. Visibility is nested: who may read
 * a share of the collections may read the first ones, so that what a person may read is a prefix of all chunks.
 */
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { transaction } from '#lib/db/transaction.ts';
import { keepEmbeddingModel } from '#lib/models/embedding-model.ts';
import { addCollection, addMember } from '#lib/search/testing.ts';
import { loadDocuments } from '../retrieval/load.ts';

export const dimensions = 384;
export const shares = [0.001, 0.01, 0.1, 0.5, 1] as const;
export type Share = (typeof shares)[number];
export const embedder = { name: 'made-up', file: null, sha256: null };

const collections = 1000;
const chunksPerDocument = 20;

export interface World {
  chunks: number;
  readers: ReadonlyMap<Share, MemberActor>;
  /** Ids of the collections, in the order in which visibility grows. */
  collectionIds: readonly string[];
  /** All vectors one after the other, in the same order. */
  vectors: Float32Array;
  centres: readonly number[][];
  random: () => number;
}

/** Makes the members, collections, documents, chunks and vectors in the open database. `chunks` is a multiple of 1,000. */
export async function makeWorld(chunks: number, seed: number): Promise<World> {
  const random = randomFrom(seed);
  const admin = await addMember('Ada', 'admin');
  const readers = new Map<Share, MemberActor>();
  for (const share of shares) readers.set(share, await addMember(`Reads ${share * 100} %`));
  const modelId = await transaction(ingestActor, (tx) => keepEmbeddingModel(tx, { model: embedder.name, sha256: null }, dimensions));
  const centres = Array.from({ length: collections }, () => Array.from({ length: dimensions }, () => random() - 0.5));
  const perCollection = chunks / collections;
  const vectors = new Float32Array(chunks * dimensions);
  const collectionIds: string[] = [];
  for (const [index, centre] of centres.entries()) {
    const whoReads = [...readers].filter(([share]) => index < share * collections).map(([, reader]) => reader);
    const collectionId = await addCollection(admin, `Collection ${index}`, whoReads);
    collectionIds.push(collectionId);
    const made = Array.from({ length: perCollection }, () => near(centre, random));
    for (const [place, vector] of made.entries()) vectors.set(vector, (index * perCollection + place) * dimensions);
    const documents = Array.from({ length: Math.ceil(perCollection / chunksPerDocument) }, (_, document) => {
      const own = made.slice(document * chunksPerDocument, (document + 1) * chunksPerDocument);
      return { title: `Document ${document}`, texts: own.map((_vector, place) => `${index * perCollection + document * chunksPerDocument + place}`), vectors: own };
    });
    await loadDocuments(admin, collectionId, { documents, modelId });
  }
  return { chunks, readers, collectionIds, vectors, centres, random };
}

/** Vectors to ask with: by turns near something that the reader of `share` may read and near something else. */
export function makeQueries(world: World, share: Share, count: number): number[][] {
  const visible = Math.max(1, Math.round(share * collections));
  return Array.from({ length: count }, (_, index) => {
    const bound = index % 2 === 0 ? visible : collections;
    return near(world.centres[Math.floor(world.random() * bound)] ?? [], world.random);
  });
}

/** Places (in the order of the world) of the `k` nearest among the first `visible` vectors, by cosine. The truth, without a database. */
export function nearest(world: World, query: readonly number[], { visible, k }: { visible: number; k: number }): number[] {
  const best: { place: number; score: number }[] = [];
  for (let place = 0; place < visible; place += 1) {
    let score = 0;
    const start = place * dimensions;
    for (let at = 0; at < dimensions; at += 1) score += (query[at] ?? 0) * (world.vectors[start + at] ?? 0);
    if (best.length === k && score <= (best[k - 1]?.score ?? 0)) continue;
    best.push({ place, score });
    best.sort((left, right) => right.score - left.score);
    best.length = Math.min(best.length, k);
  }
  return best.map((each) => each.place);
}

function near(centre: readonly number[], random: () => number): number[] {
  const vector = centre.map((value) => value + (random() - 0.5) * 0.6);
  const length = Math.hypot(...vector);
  return vector.map((value) => Number((value / length).toFixed(5)));
}

/** Mulberry32: the same world in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
