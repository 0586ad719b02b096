/** How a turn grows with each event, and that a saved one looks the same. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { AnswerEvent, Evidence, Method, Nearest } from '#lib/answer/events.ts';
import { applyEvent, countSupport, failTurn, isRunning, newTurn, passagesOf, savedTurn, type TurnView } from './turn-view.ts';

const method: Method = {
  query: 'q', collectionsSearched: 4, steps: [{ name: 'record', ms: 10 }, { name: 'search', ms: 130 }, { name: 'generate', ms: 900 }], retrieval: 'hybrid',
  candidates: { lexical: 50, semantic: 50 }, generator: null, embedder: null, promptSha256: null, tokens: null, sampling: null, inventedCitations: 0, quotedBecause: null,
};
const started: AnswerEvent = { type: 'started', conversationId: 'c', turnId: 't', title: 'Title', askedRecord: 7 };

function passage(number: number, cited = false): Evidence {
  const place = { from: { block: 0, offset: 0 }, to: { block: 0, offset: 4 }, headings: [] };
  return {
    id: `e${number}`, number, documentId: `d${number}`, versionId: 'v', versionNumber: 1, collectionId: 'c', collectionName: 'People', title: 'Policy', format: 'markdown',
    ordinal: 0, text: 'text', textSha256: '', place, scores: { lexical: 1, semantic: null, fused: 1 }, cited,
  };
}
const nearest: Nearest = { ...passage(1), why: 'why' };
const searched: AnswerEvent = { type: 'searched', query: 'q', collections: 4, documents: 2, evidence: [passage(1), passage(2)], ms: 140 };

function play(...events: AnswerEvent[]): TurnView {
  return events.reduce(applyEvent, newTurn('Why?', '2026-11-23T10:00:00Z'));
}

test('sources are there before the first word, and the finished answer knows which it cites', () => {
  const reading = play(started, searched, { type: 'generating', model: 'm' });
  assert.equal(reading.phase, 'reading');
  assert.equal(passagesOf(reading).length, 2);
  const done = [{ type: 'text', text: 'Six ' }, { type: 'text', text: 'weeks [9][2].' }, { type: 'sentences', text: 'Six weeks [2].', sentences: [] }, { type: 'done', outcome: 'generated', answeredRecord: 8, method, citedNumbers: [2] }] satisfies AnswerEvent[];
  const finished = done.reduce(applyEvent, reading);
  assert.equal(finished.text, 'Six weeks [2].');
  assert.deepEqual(finished.evidence.map((one) => one.cited), [false, true]);
  assert.equal(isRunning(finished), false);
});

test('when the model goes away or finds nothing, what it had begun is replaced', () => {
  const begun = play(started, searched, { type: 'generating', model: 'm' }, { type: 'text', text: 'Perhaps' });
  const quoting = applyEvent(begun, { type: 'quoting', because: 'model-unavailable' });
  assert.deepEqual([quoting.text, quoting.quotedBecause], ['', 'model-unavailable']);
  const missing = applyEvent(begun, { type: 'not-found', nearest: [nearest] });
  assert.deepEqual([missing.text, missing.outcome, passagesOf(missing).length], ['', 'not-found', 1]);
});

test('a failure keeps what has arrived', () => {
  const failed = applyEvent(play(started, searched, { type: 'text', text: 'Six' }), { type: 'error', code: 'database-unavailable', detail: 'd', requestId: 'r' });
  assert.deepEqual([failed.phase, failed.text, failed.failure?.code], ['failed', 'Six', 'database-unavailable']);
  assert.equal(failTurn(newTurn('Why?', ''), { code: 'offline', detail: 'd', requestId: null }).askedRecord, null);
});

test('the place in the queue goes when writing begins', () => {
  const queued = play(started, searched, { type: 'queued', position: 3 });
  assert.deepEqual([queued.phase, queued.position], ['queued', 3]);
  assert.equal(applyEvent(queued, { type: 'generating', model: 'm' }).position, null);
});

test('a saved turn shows what the live one showed', () => {
  const live = play(started, searched, { type: 'generating', model: 'm' }, { type: 'sentences', text: 'Six [2].', sentences: [] }, { type: 'done', outcome: 'generated', answeredRecord: 8, method, citedNumbers: [2] });
  const answer = { outcome: 'generated' as const, text: 'Six [2].', sentences: [], evidence: [passage(1), passage(2, true)], nearest: [], method, answeredRecord: 8, createdAt: '' };
  const saved = savedTurn({ id: 't', ordinal: 1, question: 'Why?', createdAt: '2026-11-23T10:00:00Z', askedRecord: 7, answer, withheld: false, feedback: null });
  assert.deepEqual(saved, live);
});

test('withheld, unfinished and failed turns say so', () => {
  const turn = { id: 't', ordinal: 1, question: 'Why?', createdAt: '', askedRecord: 7, answer: null, withheld: false, feedback: null };
  assert.equal(savedTurn({ ...turn, withheld: true }).phase, 'withheld');
  assert.equal(savedTurn(turn).phase, 'unfinished');
});

test('sentences are counted by support, with the passages of weak ones named once', () => {
  const of = (support: 'supported' | 'weak', citations: number[]) => ({ start: 0, end: 1, citations, support, reason: '' });
  assert.deepEqual(countSupport([of('supported', [1]), of('weak', [3, 1]), of('weak', [3])]), { supported: 1, weak: 2, unsupported: 0, uncited: 0, weakPassages: [1, 3] });
});
