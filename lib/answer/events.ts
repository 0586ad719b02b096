/**
 * What happens while a question is answered, as one closed union: the server sends these as server-sent events
 * (one JSON object per `data:` line) and the browser reads the same types. Order of arrival:
 * started, searched, (queued?, generating | quoting | not-found), text and sentences..., done - or error at any point.
 * Three things may come again and then replace what came before: `searched` (the model could not take all passages),
 * `quoting` after `generating` (the model went away) and `not-found` after `generating` (the model found no answer).
 */
import type { Place, Format } from '../documents/types.ts';

/** How two lists judged a passage; null where a list did not hold it. */
export interface Scores {
  /** BM25 over what the actor may read. */
  lexical: number | null;
  /** Cosine similarity, -1 to 1. */
  semantic: number | null;
  /** 0 to 1: what the passages are ordered by. */
  fused: number;
}

/** A passage that was given to the model, or quoted: exactly this text, no more and no less. */
export interface Evidence {
  id: string;
  /** The number citations use, from 1. */
  number: number;
  documentId: string;
  versionId: string;
  versionNumber: number;
  collectionId: string;
  collectionName: string;
  title: string;
  format: Format;
  /** Which passage of the version, from 0. */
  ordinal: number;
  text: string;
  /** Lower-case hex of the text's UTF-8 bytes. */
  textSha256: string;
  place: Place;
  scores: Scores;
  /** Whether the finished answer cites it. */
  cited: boolean;
}

/** What checking a sentence against the passages it cites found. */
export type Support = 'supported' | 'weak' | 'unsupported' | 'uncited';

/** One sentence of the answer: characters [start, end) of its text, citation marks included. */
export interface Sentence {
  start: number;
  end: number;
  /** Numbers of evidence the sentence cites. */
  citations: number[];
  support: Support;
  /** Why it is not supported, in words for people; empty when it is. */
  reason: string;
}

/** A passage that came nearest when the documents do not answer. */
export interface Nearest extends Evidence {
  /** What of the question it holds and lacks, in words. */
  why: string;
}

export type Outcome = 'generated' | 'quoted' | 'not-found' | 'stopped' | 'failed';

/** How an answer came about: shown under "How was this answered?" and kept with the answer. */
export interface Method {
  /** The question as it was searched for. */
  query: string;
  collectionsSearched: number;
  steps: { name: 'record' | 'understand' | 'search' | 'decide' | 'prompt' | 'first-token' | 'generate' | 'check' | 'save'; ms: number }[];
  retrieval: 'lexical' | 'hybrid';
  candidates: { lexical: number; semantic: number };
  generator: { name: string; file: string | null; sha256: string | null } | null;
  embedder: { name: string; file: string | null; sha256: string | null } | null;
  /** SHA-256 of the exact prompt; null when nothing was generated. */
  promptSha256: string | null;
  tokens: { prompt: number; completion: number } | null;
  sampling: { temperature: number; seed: number } | null;
  /** Citation numbers the model made up, removed before display. */
  inventedCitations: number;
  /** Why the answer is quoted instead of written; null otherwise. */
  quotedBecause: 'no-model' | 'model-unavailable' | 'model-busy' | null;
}

export type AnswerEvent =
  | { type: 'started'; conversationId: string; turnId: string; title: string; askedRecord: number }
  | { type: 'queued'; position: number }
  | { type: 'searched'; query: string; collections: number; documents: number; evidence: Evidence[]; ms: number }
  | { type: 'generating'; model: string }
  | { type: 'quoting'; because: NonNullable<Method['quotedBecause']> }
  | { type: 'not-found'; nearest: Nearest[] }
  /** A further piece of the answer, to be put behind the pieces before it. */
  | { type: 'text'; text: string }
  /** All text so far with its checked sentences; replaces the pieces. Comes after each finished sentence and at the end. */
  | { type: 'sentences'; text: string; sentences: Sentence[] }
  | { type: 'done'; outcome: Outcome; answeredRecord: number; method: Method; citedNumbers: number[] }
  | { type: 'error'; code: string; detail: string; requestId: string };
