/** Files that are refused before they are sent, in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile } from './check-file.ts';

const limits = { bytesMax: 200 * 1024 * 1024, extensions: ['.pdf', '.docx', '.xlsx', '.md'] };

test('a file of a readable kind and size may be sent, in any letter case and without an extension', () => {
  assert.deepEqual(['a.pdf', 'A.PDF', 'LICENCE', '.profile', 'v1.2.md'].map((name) => checkFile({ name, size: 10 }, limits)), [null, null, null, null, null]);
});

test('an empty file is refused', () => {
  assert.equal(checkFile({ name: 'a.pdf', size: 0 }, limits)?.detail, 'The file is empty (0 bytes).');
});

test('a file over the limit is refused with both sizes', () => {
  const problem = checkFile({ name: 'a.pdf', size: 300 * 1024 * 1024 }, limits);
  assert.equal(problem?.code, 'file-too-large');
  assert.match(problem.detail, /300 MB; at most 200 MB/);
  assert.equal(checkFile({ name: 'a.pdf', size: limits.bytesMax }, limits), null);
});

test('a kind that cannot be read says which can, and older Office files what to do', () => {
  assert.match(checkFile({ name: 'photos.zip', size: 5 }, limits)?.detail ?? '', /^Files ending in \.zip cannot be read\./);
  assert.match(checkFile({ name: 'plan.doc', size: 5 }, limits)?.detail ?? '', /Save it as \.docx/);
});
