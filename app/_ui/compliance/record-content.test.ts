/** Reading a record's texts and facts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordInFull } from '#lib/audit/types.ts';
import { factName, flatten, isCode, readStory, supportInWords } from './record-content.ts';

const record: RecordInFull = {
  seq: 4, at: '2026-11-23T10:00:00.000001Z', event: 'question.answered', outcome: 'answered', actorId: null, actorName: null, actorRole: null,
  subjectKind: null, subjectId: null, subjectName: null, turnId: null, key: null, requestId: null, leafHash: '', contentSha256: null, intact: true, related: [],
  details: { generator: { name: 'granite', file: 'granite.gguf', sha256: 'ab' }, steps: [{ name: 'search', ms: 12 }], tokens: { prompt: 10 }, sentences: [{ support: 'supported' }, { support: 'weak' }, { support: 'supported' }],
    evidence: [{ number: 1, versionNumber: 7, cited: true, readableBecause: [{ on: 'collection', to: 'People', permission: 'read' }] }] },
  content: { question: 'How long?', query: 'How long?', answer: 'Two weeks [1].', evidence: [{ number: 1, title: 'Leave', text: 'Two weeks.', textSha256: 'cd' }] },
};

test('a record of an answer tells question, answer, evidence, model and steps, and keeps the rest as facts', () => {
  const story = readStory(record);
  assert.equal(story.question, 'How long?');
  assert.deepEqual(story.evidence, [{ number: 1, title: 'Leave', text: 'Two weeks.', textSha256: 'cd', versionNumber: 7, cited: true, because: ['People (read, on the collection)'] }]);
  assert.equal(supportInWords(story.sentences), '2 supported, 1 weak');
  assert.equal(story.generator?.sha256, 'ab');
  assert.deepEqual(story.steps, [{ name: 'search', ms: 12 }]);
  assert.deepEqual(story.facts, [['tokens.prompt', '10']]);
});

test('a record of another shape loses nothing: what has no place is a fact', () => {
  const story = readStory({ ...record, details: { generator: 'unknown', before: { role: 'employee' } }, content: { evidence: 'none' } });
  assert.equal(story.generator, null);
  assert.deepEqual(story.evidence, []);
  assert.deepEqual(story.facts, [['before.role', 'employee']]);
});

test('facts have dotted names, lists are joined and empty values left out', () => {
  assert.deepEqual(flatten({ a: { b: [1, 2], c: null }, d: false, e: [] }), [['a.b', '1, 2'], ['d', 'false']]);
  assert.equal(factName('grant.expiresAt'), 'Grant, expires at');
  assert.equal(factName('promptSha256'), 'Prompt SHA-256');
});

test('hashes and ids are told from words and numbers', () => {
  assert.deepEqual(['ab'.repeat(32), '0dd401ca-423c-4a9f-858d-14396b85753a', 'hybrid', '160', '2026'].map(isCode), [true, true, false, false, false]);
});

test('what a search served to a program is shown as served, cited by nobody', () => {
  const served = { number: 1, versionNumber: 2, readableBecause: [] };
  const story = readStory({ ...record, event: 'search.served', details: { evidence: [served] }, content: { question: 'leave', evidence: [{ number: 1, title: 'Leave', text: 'Two weeks.', textSha256: 'cd' }] } });
  assert.deepEqual(story.evidence.map(({ cited, versionNumber }) => [cited, versionNumber]), [[null, 2]]);
});
