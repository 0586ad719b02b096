/** Which files of pdf.js can be read. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { isProblem } from '../errors.ts';
import { readPdfData } from './pdf-data.ts';

test('a font that pdf.js asks for is there', async () => {
  assert.ok((await readPdfData('standard_fonts', 'LiberationSans-Regular.ttf')).byteLength > 1000);
});

test('no other file can be reached', async () => {
  for (const file of ['../package.json', '..%2fpackage.json', '/etc/passwd', '.', '..', '', 'missing.bcmap', 'a\0b']) {
    await assert.rejects(readPdfData('cmaps', file), (error) => isProblem(error, 'not-found'), file);
  }
});
