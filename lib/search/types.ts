/** The words of retrieval: what is asked, what comes back. Plain types only. */
import type { Scores } from '../answer/events.ts';
import type { Format, Place } from '../documents/types.ts';

export interface SearchInput {
  /** Words to look for; a follow-up already filled in. */
  query: string;
  /** Collections to look in; null or unset: all that the actor may read. */
  scope?: readonly string[] | null | undefined;
  /** Most passages to return. */
  limit: number;
  /** The query's vector where its making has begun already; unset: it is made now. */
  vector?: Promise<QueryVector | null> | undefined;
}

/** A chunk of a current version that the actor may read, with where it stands and how it was found. */
export interface FoundPassage {
  chunkId: number;
  documentId: string;
  versionId: string;
  versionNumber: number;
  collectionId: string;
  collectionName: string;
  title: string;
  format: Format;
  ordinal: number;
  text: string;
  textSha256: string;
  place: Place;
  scores: Scores;
}

/** What the actor could have been answered from, counted over that alone. */
export interface Visible {
  collections: number;
  documents: number;
  chunks: number;
}

/** The embedding model that vectors and query were compared under. */
export interface EmbedderUsed {
  name: string;
  file: string | null;
  sha256: string | null;
}

export interface SearchResult {
  /** Best first. */
  passages: FoundPassage[];
  candidates: { lexical: number; semantic: number };
  visible: Visible;
  /** In how many visible chunks each term of the query occurs; 0 for a term nobody wrote. */
  frequencies: ReadonlyMap<string, number>;
  /** Null when only words were compared. */
  embedder: EmbedderUsed | null;
}

/** What a query means, to the embedder that made it. */
export interface QueryVector {
  vector: readonly number[];
  embedder: EmbedderUsed;
}

/** One chunk of a candidate list. */
export interface Candidate {
  chunkId: number;
  score: number;
}
