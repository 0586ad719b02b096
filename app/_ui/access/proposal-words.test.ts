import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeInWords, gainInWords, gainsInWords, proposalInWords } from './proposal-words.ts';

const now = new Date('2026-01-01T00:00:00Z');
const about = {
  collection: { id: '1', name: 'Board papers' }, document: null, to: { kind: 'group', id: '2', name: 'Sales' }, group: { id: '3', name: 'Board' },
  permission: 'read', expiresAt: null, before: null,
} as const;

test('each kind of proposal is one plain sentence', () => {
  assert.equal(proposalInWords({ ...about, kind: 'add-grant' }, now), 'Let the group Sales read Board papers');
  assert.equal(proposalInWords({ ...about, kind: 'add-grant', permission: 'edit', to: { kind: 'member', id: '4', name: 'Mara' }, document: { id: '5', title: 'Offer' }, expiresAt: '2026-05-03T12:00:00Z' }, now), 'Let Mara read and edit “Offer” in Board papers, until 3 May 2026');
  assert.equal(proposalInWords({ ...about, kind: 'change-grant' }, now), 'Change what the group Sales may do with Board papers');
  assert.equal(proposalInWords({ ...about, kind: 'open-document', document: { id: '5', title: 'Offer' } }, now), 'Open “Offer” in Board papers to everybody who may read Board papers');
  assert.equal(proposalInWords({ ...about, kind: 'nest-group' }, now), 'Put the group Sales into the group Board');
  assert.equal(proposalInWords({ ...about, kind: 'unmark-group' }, now), 'Take the mark “sensitive” from the group Board');
  assert.equal(proposalInWords({ ...about, kind: 'release', group: null }, now), 'Release Board papers from a group that was removed');
});

test('a changed grant says how it is and how it would be', () => {
  assert.deepEqual(changeInWords({ ...about, kind: 'change-grant', permission: 'edit', before: { permission: 'read', expiresAt: '2026-05-03T12:00:00Z' } }, now), { now: 'may read, until 3 May 2026', then: 'may read and edit, no end' });
  assert.equal(changeInWords({ ...about, kind: 'add-grant' }, now), null);
});

test('who would gain what is said with names first and a number after', () => {
  assert.equal(gainsInWords({ kind: 'add-grant' }, { members: 2, names: ['Ada', 'Bo'], objects: [] }), 'Ada and Bo would be able to');
  assert.equal(gainsInWords({ kind: 'add-grant' }, { members: 12, names: ['Ada', 'Bo'], objects: [] }), 'Ada, Bo and 10 more would be able to');
  assert.match(gainsInWords({ kind: 'nest-group' }, { members: 0, names: [], objects: [] }), /^Nobody gains anything/);
  assert.match(gainsInWords({ kind: 'release' }, { members: 0, names: [], objects: [] }), /one admin alone/);
  assert.equal(gainInWords({ collection: 'Board papers', document: null, permission: 'read', documents: 3 }), 'read Board papers, 3 documents');
  assert.equal(gainInWords({ collection: 'Board papers', document: 'Offer', permission: 'edit', documents: 1 }), 'read and edit “Offer” in Board papers');
});
