import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readCsv, sniffDelimiter } from './csv.ts';
import { encode, outline } from './testing.ts';

test('quoted commas, line breaks and empty cells keep their place', async () => {
  const document = await readCsv(encode('\ufeffName,Note,Age\r\n"Berg, Ida","two\nlines",\r\n,"says ""hi""",41\r\n'), limits);
  assert.deepEqual(outline(document), ['table Name | Note | Age\nBerg, Ida | two lines\n | says "hi" | 41']);
});

test('the delimiter is found, also beside decimal commas and a title line', () => {
  assert.equal(sniffDelimiter('a;b;c\n1,5;2,5;3,5\n'), ';');
  assert.equal(sniffDelimiter('a\tb\n1\t2'), '\t');
  assert.equal(sniffDelimiter('List of prices\na|b|c\n1|2|3\n4|5|6'), '|');
  assert.equal(sniffDelimiter('"a;b",c\n"d;e",f'), ',');
  assert.equal(sniffDelimiter('single\ncolumn'), ',');
});

test('a long table is kept in pieces with its header, and the row limit is told', async () => {
  const text = `No,Value\n${Array.from({ length: 200 }, (_, index) => `${index},x`).join('\n')}`;
  const document = await readCsv(encode(text), { ...limits, rowsMax: 101 });
  assert.equal(document.blocks.length, 2);
  assert.ok(document.blocks.every((block) => block.text.startsWith('No | Value\n')));
  assert.match(document.warnings[0]?.message ?? '', /first 101 rows/);
});

test('an open quotation mark, too many columns and emptiness are refused with a reason', async () => {
  await assert.rejects(readCsv(encode('a,b\n"open,2\n'), limits), (error) => isProblem(error, 'file-damaged'));
  await assert.rejects(readCsv(encode(`${'x,'.repeat(600)}\n`), limits), (error) => isProblem(error, 'file-too-complex'));
  await assert.rejects(readCsv(encode(',,\n,,\n'), limits), (error) => isProblem(error, 'file-no-text'));
});
