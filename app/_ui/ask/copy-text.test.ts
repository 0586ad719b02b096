/** What lands on the clipboard. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '#lib/answer/events.ts';
import { copyText } from './copy-text.ts';

const base = { id: 'e', documentId: 'd', versionId: 'v', versionNumber: 7, collectionId: 'c', collectionName: 'People', ordinal: 0, text: '', textSha256: '', scores: { lexical: null, semantic: null, fused: 0 } };
const start = { from: { block: 0, offset: 0 }, to: { block: 0, offset: 1 } };

test('the question, the answer with its marks, and each cited source with its place', () => {
  const evidence: Evidence[] = [
    { ...base, number: 1, title: 'Leave policy', format: 'pdf', place: { ...start, headings: ['4 Parental leave'], page: 3 }, cited: true },
    { ...base, number: 2, title: 'Handbook', format: 'docx', place: { ...start, headings: ['Handbook', 'Carers', 'Splitting leave'] }, cited: true },
    { ...base, number: 3, title: 'Not cited', format: 'text', place: { ...start, headings: [] }, cited: false },
  ];
  assert.equal(
    copyText('How long?', '18 weeks [1][2].\n', evidence),
    'How long?\n\n18 weeks [1][2].\n\nSources\n[1] Leave policy, version 7, page 3 (People)\n[2] Handbook, version 7, Carers, Splitting leave (People)',
  );
});

test('without sources there is no empty list of them', () => {
  assert.equal(copyText('How long?', 'Stopped', []), 'How long?\n\nStopped');
});
