/** The examples on the page of keys are those of the documentation, which a test of the running product carries out. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { examplesFor } from './key-words.ts';

test('every example that people can copy stands in docs/api.md, and the editor\'s is JSON', async () => {
  const text = await readFile(path.join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
  const examples = examplesFor('https://attest.example.com');
  for (const { code, label } of examples) assert.ok(text.includes(code), label);
  assert.equal(JSON.parse(examples.find(({ id }) => id === 'editor')?.code ?? '').servers.attest.url, 'https://attest.example.com/mcp');
});
