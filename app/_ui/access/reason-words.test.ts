import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonInWords, wayThrough } from './reason-words.ts';

const member = { kind: 'member', id: '1', name: 'Mara' } as const;
const group = { kind: 'group', id: '2', name: 'Board' } as const;

test('a reason says the right, on what, through whom and until when', () => {
  assert.equal(reasonInWords({ permission: 'read', on: 'collection', to: group, expiresAt: null }), 'Reads the whole collection, through the group Board');
  assert.equal(reasonInWords({ permission: 'edit', on: 'document', to: member, expiresAt: '2026-05-03T12:00:00.000Z' }), 'Reads and edits the document itself, by a grant to them, until 3 May 2026');
});

test('the way through groups is told only where there is one', () => {
  assert.deepEqual(wayThrough({ chain: [] }), []);
  assert.deepEqual(wayThrough({ chain: ['Board'] }), []);
  assert.deepEqual(wayThrough({ chain: ['Secretaries', 'Board'] }), ['Secretaries', 'Board']);
});
