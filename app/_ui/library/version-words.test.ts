/** States of versions in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderWay, versionInWords, versionProgress, versionTone } from './version-words.ts';

const version = { state: 'ready', chunkCount: 0, chunksEmbedded: 0, warnings: [] } as const;

test('each state has its own words', () => {
  const words = (['waiting', 'parsing', 'embedding', 'ready', 'failed'] as const).map((state) => versionInWords({ ...version, warnings: [], state }));
  assert.deepEqual(words, ['Waiting', 'Being read', 'Being indexed', 'Ready', 'Failed']);
});

test('embedding says how far it is once the passages are counted', () => {
  const embedding = { state: 'embedding', chunkCount: 1240, chunksEmbedded: 310, warnings: [] } as const;
  assert.equal(versionInWords({ ...embedding, warnings: [] }), '310 of 1,240 passages embedded');
  assert.equal(versionProgress({ ...embedding, warnings: [] }), 0.25);
  assert.equal(versionProgress({ ...version, warnings: [], state: 'parsing' }), null);
});

test('a version that is ready with warnings is not shown as plainly ready', () => {
  const warned = { ...version, warnings: [{ message: 'A picture was left out.', page: 3 }] };
  assert.equal(versionInWords(warned), 'Ready, 1 problem');
  assert.equal(versionTone(warned), 'weak');
});

test('only ready and failed are final', () => {
  assert.deepEqual((['waiting', 'parsing', 'embedding', 'ready', 'failed'] as const).map((state) => isUnderWay({ state })), [true, true, true, false, false]);
});
