/**
 * The whole answer: put the question on record, search, decide, have the model write or quote, check every sentence,
 * keep everything, done. Each step stands in its own file; this one tells their order and what is said meanwhile.
 *
 * The answer is written whether or not somebody reads along, so that what was said is always kept; when the reader
 * leaves or stops it, the model stops and what was written is kept as stopped.
 */
import { randomUUID } from 'node:crypto';
import type { MemberActor } from '../actor.ts';
import { Problem } from '../errors.ts';
import { logger } from '../log.ts';
import { findReady } from '../models/client.ts';
import { PassageRetriever } from '../search/retriever.ts';
import { queryTerms } from '../search/query.ts';
import type { SearchResult } from '../search/types.ts';
import { beginTurn, type AskInput } from './begin.ts';
import { openChannel } from './channel.ts';
import { citedNumbers } from './cite.ts';
import { weigh } from './coverage.ts';
import { isAnswerable } from './decide.ts';
import { abstain, nothingWritten, type Course, type Written } from './course.ts';
import type { AnswerEvent, Method } from './events.ts';
import { markCited } from './evidence.ts';
import { keepAnswer, type FinishedAnswer } from './finish.ts';
import { describeLoss, standGuard, type StillSignedIn } from './guard.ts';
import { checkQuestion } from './question.ts';
import { claimConversation, releaseConversation } from './running.ts';
import { startStopwatch } from './steps.ts';
import { writeAnswer } from './write.ts';

const log = logger('answer');
/** Enough to choose from when near copies and passages that do not fit have been left out. */
const passagesFound = 12;

/**
 * Begins to answer. Resolves once the question is on record, and rejects with a Problem when it cannot be asked:
 * 'question-empty', 'question-too-long', 'question-not-text', 'not-found', 'question-in-progress',
 * 'record-not-written', 'database-unavailable'. After that, failures are events. `stillSignedIn` says whether what the
 * question came with would still be let in; once it does not, the answer ends within two seconds.
 */
export async function answer(actor: MemberActor, input: AskInput, options: { signal: AbortSignal; requestId: string; stillSignedIn: StillSignedIn }): Promise<AsyncGenerator<AnswerEvent, void, undefined>> {
  const question = input.regenerate === undefined ? checkQuestion(input.question) : '';
  const watch = startStopwatch();
  const claim = claimConversation(input.conversationId ?? randomUUID());
  try {
    const turn = await beginTurn(actor, { ...input, question }, { conversationId: claim.conversationId, signal: AbortSignal.any([options.signal, claim.stop.signal]) });
    claim.turnId = turn.turnId;
    watch.lap('record');
    const channel = openChannel<AnswerEvent>();
    const guard = standGuard(actor, options.stillSignedIn, (loss) => {
      const { code, message } = describeLoss(loss);
      channel.cut({ type: 'error', code, detail: message, requestId: options.requestId });
    });
    const signal = AbortSignal.any([options.signal, channel.cancelled, claim.stop.signal, guard.signal]);
    const course = { actor, turn, send: channel.send, watch, signal, guard };
    void run(course, options.requestId).finally(() => {
      guard.end();
      releaseConversation(claim);
      channel.close();
    });
    return channel.events();
  } catch (error) {
    releaseConversation(claim);
    throw error;
  }
}

async function run(course: Course, requestId: string): Promise<void> {
  try {
    await tell(course);
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem('answer-interrupted', { cause: error });
    const isAway = problem.code === 'database-unavailable';
    log.error({ requestId, turnId: course.turn.turnId, code: problem.code, error: problem.cause ?? problem }, 'an answer broke off');
    const detail = isAway ? 'The database went away while this was being answered. Your question was kept; ask it again shortly.' : problem.message;
    course.send({ type: 'error', code: problem.code, detail, requestId });
  }
}

async function tell(course: Course): Promise<void> {
  const { turn, send, watch } = course;
  send({ type: 'started', conversationId: turn.conversationId, turnId: turn.turnId, title: turn.title, askedRecord: turn.askedRecord });
  const found = await find(course);
  if (found === null) return finish(course, { written: nothingWritten(), found: null });
  const weights = weigh(queryTerms(turn.query), queryTerms(turn.question), { frequencies: found.frequencies, chunks: found.visible.chunks });
  const answerable = isAnswerable(weights, found.passages, (await findReady('generator')) === null ? 'quotes' : 'model');
  watch.lap('decide');
  const written = answerable ? await writeAnswer(course, found, weights) : abstain(course, found);
  return finish(course, { written, found });
}

/** Null when the reader left before anything was found. */
async function find({ actor, turn, watch, signal }: Course): Promise<SearchResult | null> {
  const retriever = new PassageRetriever({ actor, scope: turn.scope, limit: passagesFound, signal, vector: turn.vector });
  try {
    await retriever.invoke(turn.query, { signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
  watch.lap('search');
  return retriever.result ?? null;
}

async function finish(course: Course, { written, found }: { written: Written; found: SearchResult | null }): Promise<void> {
  const { actor, turn, send, watch } = course;
  const citedNow = citedNumbers(written.text);
  const evidence = markCited(written.evidence, citedNow);
  const loss = course.guard.loss();
  const outcome = loss === null ? written.outcome : 'stopped';
  const answer: FinishedAnswer = { outcome, text: written.text, sentences: written.sentences, evidence, method: describe(course, written, found), stoppedBecause: loss };
  const begun = performance.now();
  const { answeredRecord, lost } = await keepAnswer(actor, turn, answer);
  watch.lap('save', begun);
  // The reader was told already.
  if (loss !== null) return;
  if (lost.length > 0) {
    throw new Problem('not-found', { detail: 'Your right to a document behind this answer ended while it was being written, so it is withheld. Ask again to be answered from what you may read now.' });
  }
  send({ type: 'done', outcome: written.outcome, answeredRecord, method: { ...answer.method, steps: [...watch.steps] }, citedNumbers: citedNow });
}

function describe({ turn, watch }: Course, written: Written, found: SearchResult | null): Method {
  return {
    query: turn.query,
    collectionsSearched: found?.visible.collections ?? 0,
    steps: [...watch.steps],
    retrieval: found === null || found.embedder === null ? 'lexical' : 'hybrid',
    candidates: found?.candidates ?? { lexical: 0, semantic: 0 },
    generator: written.generator,
    embedder: found?.embedder ?? null,
    promptSha256: written.promptSha256,
    tokens: written.tokens,
    sampling: written.sampling,
    inventedCitations: written.invented,
    quotedBecause: written.quotedBecause,
  };
}
