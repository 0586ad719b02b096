/**
 * One question and its answer as the page shows them: the same shape while events arrive and when read from history,
 * so that nothing jumps when one becomes the other. Pure.
 */
import type { AnswerEvent, Evidence, Method, Nearest, Outcome, Sentence } from '#lib/answer/events.ts';
import type { Turn } from '#lib/conversations/types.ts';

/**
 * sending, searching, queued, reading (sources are there, no word yet), writing, done; failed: `failure` says why;
 * withheld: rights have gone; unfinished: no answer is saved (yet).
 */
export type Phase = 'sending' | 'searching' | 'queued' | 'reading' | 'writing' | 'done' | 'failed' | 'withheld' | 'unfinished';

export interface Failure {
  code: string;
  detail: string;
  requestId: string | null;
}

export interface TurnView {
  id: string | null;
  question: string;
  askedAt: string;
  phase: Phase;
  /** Place in the queue for the model, from 1; null when not waiting. */
  position: number | null;
  searched: { collections: number; documents: number; ms: number } | null;
  evidence: Evidence[];
  nearest: Nearest[];
  text: string;
  sentences: Sentence[];
  outcome: Outcome | null;
  quotedBecause: Method['quotedBecause'];
  method: Method | null;
  askedRecord: number | null;
  answeredRecord: number | null;
  failure: Failure | null;
  feedback: Turn['feedback'];
}

const blank = {
  position: null,
  searched: null,
  evidence: [],
  nearest: [],
  text: '',
  sentences: [],
  outcome: null,
  quotedBecause: null,
  method: null,
  askedRecord: null,
  answeredRecord: null,
  failure: null,
  feedback: null,
};

/** A question that has just been sent. */
export function newTurn(question: string, askedAt: string): TurnView {
  return { ...blank, id: null, question, askedAt, phase: 'sending' };
}

/** The model may begin and then go away, or find no answer: what it had written is replaced. */
const wordless = { text: '', sentences: [] };

/** The next state after an event. */
export function applyEvent(turn: TurnView, event: AnswerEvent): TurnView {
  switch (event.type) {
    case 'started':
      return { ...turn, id: event.turnId, askedRecord: event.askedRecord, phase: 'searching' };
    case 'queued':
      return { ...turn, position: event.position, phase: 'queued' };
    case 'searched':
      return { ...turn, evidence: event.evidence, searched: { collections: event.collections, documents: event.documents, ms: event.ms }, phase: 'reading' };
    case 'generating':
      return { ...turn, position: null, phase: 'reading' };
    case 'quoting':
      return { ...turn, ...wordless, position: null, quotedBecause: event.because, phase: 'reading' };
    case 'not-found':
      return { ...turn, ...wordless, position: null, nearest: event.nearest, outcome: 'not-found' };
    case 'text':
      return { ...turn, position: null, text: turn.text + event.text, phase: 'writing' };
    case 'sentences':
      return { ...turn, text: event.text, sentences: event.sentences, phase: 'writing' };
    case 'done':
      return finish(turn, event);
    case 'error':
      return failTurn(turn, event);
  }
}

function finish(turn: TurnView, event: Extract<AnswerEvent, { type: 'done' }>): TurnView {
  const cited = new Set(event.citedNumbers);
  return {
    ...turn,
    position: null,
    phase: 'done',
    outcome: event.outcome,
    method: event.method,
    quotedBecause: event.method.quotedBecause,
    answeredRecord: event.answeredRecord,
    evidence: turn.evidence.map((one) => ({ ...one, cited: cited.has(one.number) })),
  };
}

/** What has arrived stays to be read. */
export function failTurn(turn: TurnView, failure: Failure): TurnView {
  return { ...turn, position: null, phase: 'failed', outcome: 'failed', failure: { code: failure.code, detail: failure.detail, requestId: failure.requestId } };
}

const failedBefore = { code: 'answer-interrupted', detail: 'This answer failed before it was finished. Your question is kept; ask again to repeat it.', requestId: null };

/** A turn from history. */
export function savedTurn(turn: Turn): TurnView {
  const base = { ...newTurn(turn.question, turn.createdAt), id: turn.id, askedRecord: turn.askedRecord, feedback: turn.feedback };
  if (turn.withheld) return { ...base, phase: 'withheld' };
  const { answer } = turn;
  if (answer === null) return { ...base, phase: 'unfinished' };
  const { evidence, nearest, text, sentences, outcome, method, answeredRecord } = answer;
  const documents = new Set([...evidence, ...nearest].map((one) => one.documentId)).size;
  return {
    ...base,
    phase: outcome === 'failed' ? 'failed' : 'done',
    failure: outcome === 'failed' ? failedBefore : null,
    searched: { collections: method.collectionsSearched, documents, ms: millisecondsToSources(method) },
    evidence,
    nearest,
    text,
    sentences,
    outcome,
    quotedBecause: method.quotedBecause,
    method,
    answeredRecord,
  };
}

/** Time from the question to its sources: every step up to the search. */
function millisecondsToSources(method: Method): number {
  const until = method.steps.findIndex((step) => step.name === 'search');
  return method.steps.slice(0, until + 1).reduce((sum, step) => sum + step.ms, 0);
}

/** True while events may still arrive. */
export function isRunning(turn: TurnView): boolean {
  return ['sending', 'searching', 'queued', 'reading', 'writing'].includes(turn.phase);
}

/** What can be opened in the evidence panel: the passages given to the model, or the nearest where nothing answered. */
export function passagesOf(turn: TurnView): Evidence[] {
  return turn.outcome === 'not-found' ? turn.nearest : turn.evidence;
}

/** How many sentences a check found supported, weak, unsupported and without a source; and the passages of the weak ones. */
export function countSupport(sentences: readonly Sentence[]): Record<Sentence['support'], number> & { weakPassages: number[] } {
  const counts = { supported: 0, weak: 0, unsupported: 0, uncited: 0 };
  for (const { support } of sentences) counts[support] += 1;
  const weak = sentences.filter((one) => one.support === 'weak').flatMap((one) => one.citations);
  return { ...counts, weakPassages: [...new Set(weak)].sort((one, other) => one - other) };
}
