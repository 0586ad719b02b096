/** Addresses of documents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Passage, VersionRow } from '#lib/documents/types.ts';
import { chooseVersion, documentAddress, fileAddress, passageAt } from './document-address.ts';

const passage = (ordinal: number, from: number, to: number): Passage => ({ ordinal, text: '', place: { from: { block: from, offset: 0 }, to: { block: to, offset: 9 }, headings: [] } });
const version = (number: number) => ({ id: `v${number}`, number }) as VersionRow;

test('a document is addressed by id, version number and block', () => {
  assert.equal(documentAddress('d1'), '/library/documents/d1');
  assert.equal(documentAddress('d1', { version: 7, block: 0 }), '/library/documents/d1?version=7&block=0');
  assert.equal(fileAddress('d1', 'v1', true), '/api/documents/d1/versions/v1/file?download=1');
});

test('the version asked for is shown, else the one in use, else the newest', () => {
  const document = { versions: [version(3), version(2), version(1)], currentVersion: 2 };
  assert.deepEqual([1, null, 9].map((number) => chooseVersion(document, number)?.number), [1, 2, 2]);
  assert.equal(chooseVersion({ ...document, currentVersion: null }, null)?.number, 3);
});

test('a block names the passage that begins there before one that merely covers it', () => {
  const passages = [passage(0, 0, 4), passage(1, 4, 6), passage(2, 7, 7)];
  assert.deepEqual([0, 2, 4, 5, 7, 8].map((block) => passageAt(passages, block)?.ordinal), [0, 0, 1, 1, 2, undefined]);
});
