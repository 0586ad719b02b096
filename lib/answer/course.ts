/** An answer on its way, and what has been written of it: the words that the steps of an answer share. */
import type { MemberActor } from '../actor.ts';
import type { SearchResult } from '../search/types.ts';
import type { BegunTurn } from './begin.ts';
import type { Channel } from './channel.ts';
import type { AnswerEvent, Evidence, Method, Outcome, Sentence } from './events.ts';
import { nearestMax, toEvidence, toNearest } from './evidence.ts';
import type { Guard } from './guard.ts';
import { numberPassages } from './prompt.ts';
import type { Stopwatch } from './steps.ts';

/** One answer on its way: who asked what, where events go and what stops it. */
export interface Course {
  actor: MemberActor;
  turn: BegunTurn;
  send: Channel<AnswerEvent>['send'];
  watch: Stopwatch;
  signal: AbortSignal;
  /** Says over which documents the answer is written, and knows whether one of them, or the asker's own right, was lost. */
  guard: Pick<Guard, 'relyOn' | 'loss'>;
}

/** What came of it, before it is kept. */
export interface Written {
  outcome: Outcome;
  text: string;
  sentences: Sentence[];
  evidence: Evidence[];
  generator: Method['generator'];
  promptSha256: string | null;
  tokens: Method['tokens'];
  sampling: Method['sampling'];
  invented: number;
  quotedBecause: Method['quotedBecause'];
}

/**
 * The outcome 'not-found': nothing is written, and what came nearest is shown. `given` is what a model was given
 * before it said that there is no answer; all of it is kept.
 */
export function abstain({ turn, send, watch, guard }: Course, found: SearchResult, given: Evidence[] | null = null): Written {
  const evidence = given ?? numberPassages(found.passages.slice(0, nearestMax)).map(toEvidence);
  guard.relyOn(evidence.map(({ documentId }) => documentId));
  if (given === null) {
    send({ type: 'searched', query: turn.query, collections: found.visible.collections, documents: found.visible.documents, evidence: [], ms: msOf(watch, 'search') });
  }
  send({ type: 'not-found', nearest: toNearest(turn.query, evidence) });
  return { ...nothingWritten(), outcome: 'not-found', evidence };
}

export function msOf(watch: Stopwatch, name: Method['steps'][number]['name']): number {
  return watch.steps.find((step) => step.name === name)?.ms ?? 0;
}

export function nothingWritten(): Written {
  return { outcome: 'stopped', text: '', sentences: [], evidence: [], generator: null, promptSha256: null, tokens: null, sampling: null, invented: 0, quotedBecause: null };
}
