/** An answer as a program hears it: in order, replaced, broken off, and never ended before it is kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerEvent, Evidence } from '#lib/answer/events.ts';
import { isProblem } from '#lib/errors.ts';
import { completionChunks, wholeCompletion } from '../v1/chat/completions/reply.ts';
import { followAnswer, notFoundSentence, type Step } from './answer.ts';

const evidence = (number: number): Evidence => ({
  id: `e${number}`, number, documentId: `d${number}`, versionId: 'v', versionNumber: 2, collectionId: 'c', collectionName: 'People', title: 'Leave', format: 'pdf', ordinal: 0,
  text: `Passage ${number}.`, textSha256: 'ab', place: { from: { block: 4, offset: 0 }, to: { block: 4, offset: 9 }, headings: [], page: 3 }, scores: { lexical: 1, semantic: null, fused: 1 }, cited: false,
});
const method = { query: 'q', collectionsSearched: 1, steps: [], retrieval: 'lexical', candidates: { lexical: 1, semantic: 0 }, generator: null, embedder: null, promptSha256: null, tokens: { prompt: 10, completion: 2 }, sampling: null, inventedCitations: 0, quotedBecause: null } as const;
const started: AnswerEvent = { type: 'started', conversationId: 'conversation', turnId: 'turn', title: 't', askedRecord: 1 };
const searched: AnswerEvent = { type: 'searched', query: 'q', collections: 1, documents: 1, evidence: [evidence(1), evidence(2)], ms: 1 };
const done = (outcome: 'generated' | 'quoted' | 'not-found', citedNumbers: number[]): AnswerEvent => ({ type: 'done', outcome, answeredRecord: 2, method: { ...method, steps: [] }, citedNumbers });
const text = (words: string): AnswerEvent => ({ type: 'text', text: words });
const sentences = (words: string): AnswerEvent => ({ type: 'sentences', text: words, sentences: [] });

async function* stream(events: AnswerEvent[]): AsyncGenerator<AnswerEvent, void, undefined> {
  for (const event of events) yield await Promise.resolve(event);
}

async function stepsOf(events: AnswerEvent[]): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of followAnswer(stream(events))) steps.push(step);
  return steps;
}

const completion = { id: 'chatcmpl-1', created: 1, request: { includeUsage: true, ignored: [] }, requestId: 'request' };
async function chunksOf(events: AnswerEvent[]): Promise<(object | string)[]> {
  const chunks: (object | string)[] = [];
  for await (const chunk of completionChunks(completion, followAnswer(stream(events)))) chunks.push(chunk);
  return chunks;
}

test('pieces come as they are written, and the end holds the whole with what it cites', async () => {
  const steps = await stepsOf([started, searched, text('Two '), text('weeks [2].'), sentences('Two weeks [2].'), done('generated', [2])]);
  assert.deepEqual(steps.slice(0, -1), [{ kind: 'text', text: 'Two ' }, { kind: 'text', text: 'weeks [2].' }]);
  const end = steps.at(-1);
  assert.ok(end?.kind === 'end');
  assert.deepEqual([end.text, end.answer.citations.map(({ number, text: passage, page }) => [number, passage, page]), end.answer.records], ['Two weeks [2].', [[2, 'Passage 2.', 3]], { asked: 1, answered: 2 }]);
});

test('a last blank that goes is no other answer, and words that only the check adds are not lost', async () => {
  const steps = await stepsOf([started, searched, text('Two weeks [1]. '), sentences('Two weeks [1].'), sentences('Two weeks [1]. Or three.'), done('generated', [1])]);
  assert.deepEqual(steps.map((step) => (step.kind === 'text' ? step.text : step.kind)), ['Two weeks [1]. ', 'Or three.', 'end']);
});

test('where the model goes away midway the whole answer is the quotation, and a stream ends with an error and no end', async () => {
  const events = [started, searched, text('Two we'), { type: 'quoting', because: 'model-unavailable' }, text('“Passage 1.” [1]'), done('quoted', [1])] satisfies AnswerEvent[];
  assert.deepEqual((await stepsOf(events)).map(({ kind }) => kind), ['text', 'anew', 'text', 'end']);
  const whole = await wholeCompletion(completion, followAnswer(stream(events)));
  assert.match(JSON.stringify(whole), /"content":"“Passage 1.” \[1\]"/);
  const chunks = await chunksOf(events);
  assert.match(JSON.stringify(chunks.at(-1)), /"error":\{"message":"The model went away.*"code":"answer-interrupted"/);
  assert.ok(!chunks.includes('[DONE]') && !JSON.stringify(chunks).includes('"finish_reason":"stop"') && !JSON.stringify(chunks).includes('Passage 1'));
});

test('a model that says there is no answer is told as one sentence with what came nearest', async () => {
  const nearest = [{ ...evidence(1), why: 'It is about leave, not about boats.' }];
  const steps = await stepsOf([started, searched, { type: 'generating', model: 'm' }, { type: 'not-found', nearest }, done('not-found', [])]);
  assert.deepEqual(steps[0], { kind: 'text', text: notFoundSentence });
  const end = steps.at(-1);
  assert.ok(end?.kind === 'end');
  assert.deepEqual([end.answer.citations, end.answer.nearest.map(({ why }) => why)], [[], ['It is about leave, not about boats.']]);
});

test('an answer that breaks off, or stops without being kept, is an error with its code and nothing after it', async () => {
  const lost: AnswerEvent = { type: 'error', code: 'not-found', detail: 'Your right ended.', requestId: 'r' };
  await assert.rejects(stepsOf([started, searched, text('Two'), lost]), (error) => isProblem(error, 'not-found') && error.message === 'Your right ended.');
  await assert.rejects(stepsOf([started, searched, text('Two')]), (error) => isProblem(error, 'answer-interrupted'));
  await assert.rejects(stepsOf([started, { ...lost, code: 'of a later version' }]), (error) => isProblem(error, 'answer-interrupted'));
  const chunks = await chunksOf([started, searched, text('Two'), lost]);
  assert.match(JSON.stringify(chunks.at(-1)), /"code":"not-found"/);
  assert.ok(!chunks.includes('[DONE]'));
});

test('usage is told where a model wrote and it was asked for, after the end and before [DONE]', async () => {
  const chunks = await chunksOf([started, searched, text('Two weeks [1].'), done('generated', [1])]);
  assert.match(JSON.stringify(chunks.at(-2)), /"choices":\[\],"usage":\{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12\}/);
  assert.equal(chunks.at(-1), '[DONE]');
});

test('whoever stops reading stops the answer', async () => {
  let stopped = false;
  async function* endless(): AsyncGenerator<AnswerEvent, void, undefined> {
    try {
      for (yield started; ;) yield await Promise.resolve(text('on '));
    } finally {
      stopped = true;
    }
  }
  for await (const chunk of completionChunks(completion, followAnswer(endless()))) if (JSON.stringify(chunk).includes('on ')) break;
  assert.equal(stopped, true);
});
