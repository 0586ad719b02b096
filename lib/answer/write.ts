/**
 * Writes the answer from the passages found: with the model where one is ready, else - or when it goes away midway -
 * by quoting. Says over which passages before the first word, and checks each sentence as soon as it stands.
 */
import { Problem } from '../errors.ts';
import { logger } from '../log.ts';
import { modelsStatus } from '../models/client.ts';
import type { ModelsStatus } from '../models/types.ts';
import type { FoundPassage, SearchResult } from '../search/types.ts';
import { abstain, msOf, nothingWritten, type Course, type Written } from './course.ts';
import type { Weights } from './coverage.ts';
import type { Evidence, Method } from './events.ts';
import { toEvidence } from './evidence.ts';
import { emptyDraft, generate, sampling, type Draft } from './generate.ts';
import { choosePassages, numberPassages, planRoom, type Numbered, type Room } from './prompt.ts';
import { quote } from './quote.ts';
import { verifySentences, type Ground } from './verify.ts';

const log = logger('answer');
const quotedPassagesMax = 6;

type QuotedBecause = NonNullable<Method['quotedBecause']>;

export async function writeAnswer(course: Course, found: SearchResult, weights: Weights): Promise<Written> {
  const status = await modelsStatus().catch(() => null);
  const because: QuotedBecause | null = status === null ? 'model-unavailable' : status.roles.generator.state === 'ready' ? null : 'no-model';
  if (status === null || because !== null) return writeQuotes(course, { found, weights, because: because ?? 'model-unavailable' });
  const draft = emptyDraft();
  try {
    return await writeWithModel(course, { found, status, draft });
  } catch (error) {
    if (course.signal.aborted) return { ...nothingWritten(), ...traceOf(draft) };
    const reason = error instanceof Problem && error.code === 'model-busy' ? 'model-busy' : 'model-unavailable';
    log.warn({ turnId: course.turn.turnId, error: { message: error instanceof Error ? error.message : String(error) } }, 'quoted instead of written');
    return writeQuotes(course, { found, weights, because: reason });
  }
}

async function writeWithModel(course: Course, { found, status, draft }: { found: SearchResult; status: ModelsStatus; draft: Draft }): Promise<Written> {
  const { turn } = course;
  const { contextTokens, load } = status.roles.generator;
  const gpu = status.compute !== null && status.compute !== 'cpu';
  let room = planRoom({ contextTokens, gpu }, turn.question, turn.history);
  for (;;) {
    const passages = choosePassages(found.passages, room);
    const evidence = showEvidence(course, found, passages);
    if (load !== null && load.waiting > 0) course.send({ type: 'queued', position: load.waiting + 1 });
    course.watch.lap('prompt');
    try {
      return await stream(course, { found, passages, evidence, room, draft });
    } catch (error) {
      // The estimate was too low for this text. Fewer passages, each still whole.
      if (!(error instanceof Problem) || error.code !== 'context-exceeded' || passages.length <= 1) throw error;
      room = { ...room, passages: Math.floor(passages.length / 2) };
    }
  }
}

function showEvidence({ turn, send, watch, guard }: Course, found: SearchResult, passages: readonly Numbered[]): Evidence[] {
  const evidence = passages.map(toEvidence);
  guard.relyOn(evidence.map(({ documentId }) => documentId));
  send({ type: 'searched', query: turn.query, collections: found.visible.collections, documents: found.visible.documents, evidence, ms: msOf(watch, 'search') });
  return evidence;
}

interface Streaming {
  found: SearchResult;
  passages: Numbered[];
  evidence: Evidence[];
  room: Room;
  draft: Draft;
}

async function stream(course: Course, { found, passages, evidence, room, draft }: Streaming): Promise<Written> {
  const { turn, send, watch, signal } = course;
  const ground = toGround(evidence);
  let shown = 0;
  let checked = 0;
  const onText = (text: string) => {
    send({ type: 'text', text: text.slice(shown) });
    shown = text.length;
    // The last sentence may still go on.
    const finished = verifySentences(text, ground).slice(0, -1);
    if (finished.length > checked) send({ type: 'sentences', text, sentences: finished });
    checked = Math.max(checked, finished.length);
  };
  try {
    await generate({ question: turn.question, passages, history: turn.history, room }, draft, {
      signal,
      onModel: (model) => send({ type: 'generating', model }),
      onFirstToken: () => watch.lap('first-token'),
      onText,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  watch.lap('generate');
  if (draft.abstained) return { ...abstain(course, found, evidence), ...traceOf(draft) };
  const sentences = verifySentences(draft.text, ground);
  send({ type: 'sentences', text: draft.text, sentences });
  watch.lap('check');
  const outcome = signal.aborted ? 'stopped' : 'generated';
  return { ...nothingWritten(), outcome, text: draft.text, sentences, evidence, ...traceOf(draft) };
}

function traceOf(draft: Draft) {
  return { generator: draft.generator, promptSha256: draft.promptSha256, tokens: draft.tokens, sampling, invented: draft.invented };
}

/** Quotes from the best passages; when not one sentence says anything of the question, they do not answer it. */
function writeQuotes(course: Course, { found, weights, because }: { found: SearchResult; weights: Weights; because: QuotedBecause }): Written {
  const { turn, send, watch } = course;
  const best = found.passages.slice(0, quotedPassagesMax);
  const numbered = numberPassages(best);
  const text = quote(turn.query, weights, byRelevance(best, numbered).map(({ number, passage }) => ({ number, versionId: passage.versionId, ordinal: passage.ordinal, title: passage.title, headings: passage.place.headings, text: passage.text })));
  if (text === '') return abstain(course, found);
  const evidence = showEvidence(course, found, numbered);
  send({ type: 'quoting', because });
  send({ type: 'text', text });
  const sentences = verifySentences(text, toGround(evidence));
  send({ type: 'sentences', text, sentences });
  watch.lap('check');
  return { ...nothingWritten(), outcome: 'quoted', text, sentences, evidence, quotedBecause: because };
}

function byRelevance(best: readonly FoundPassage[], numbered: readonly Numbered[]): Numbered[] {
  return best.flatMap((passage) => numbered.filter((each) => each.passage === passage));
}

function toGround(evidence: readonly Evidence[]): Ground[] {
  return evidence.map(({ number, title, place, text }) => ({ number, title, headings: place.headings, text }));
}
