/** The lexical index of one version: which of its chunks hold a term, and how often. Pure. */
import { chunkTerms } from '#lib/search/terms.ts';

export interface IndexedChunk {
  ordinal: number;
  /** How often each term stands in the chunk, the title and headings above it included. */
  frequencies: ReadonlyMap<string, number>;
  /** The chunk's length for BM25. */
  termCount: number;
}

// Postgres' smallint, in which frequencies are kept.
const frequencyMax = 32_767;

/** Counts a chunk's terms. */
export function indexChunk(chunk: { ordinal: number; title: string; headings: readonly string[]; text: string }): IndexedChunk {
  const all = chunkTerms(chunk);
  const frequencies = new Map<string, number>();
  for (const term of all) frequencies.set(term, Math.min(frequencyMax, (frequencies.get(term) ?? 0) + 1));
  return { ordinal: chunk.ordinal, frequencies, termCount: all.length };
}

export interface Posting {
  term: string;
  chunkIds: number[];
  frequencies: number[];
}

/** One posting a term over all chunks of a version. `idOf` is the id that the database gave the chunk of that number. */
export function collectPostings(chunks: readonly IndexedChunk[], idOf: (ordinal: number) => number): Posting[] {
  const postings = new Map<string, Posting>();
  for (const chunk of chunks) {
    const id = idOf(chunk.ordinal);
    for (const [term, frequency] of chunk.frequencies) {
      const posting = postings.get(term) ?? { term, chunkIds: [], frequencies: [] };
      if (posting.chunkIds.length === 0) postings.set(term, posting);
      posting.chunkIds.push(id);
      posting.frequencies.push(frequency);
    }
  }
  return [...postings.values()];
}
