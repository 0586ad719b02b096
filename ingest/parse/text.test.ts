import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readText } from './text.ts';
import { encode, outline } from './testing.ts';

test('paragraphs end at blank lines; headings and lists are seen where they are plain', async () => {
  const document = await readText(
    encode('COUNTRY ANNEX\n\nThis annex applies\nto Rotterdam.\n\n1.2 Working time\n\nWeek\n====\nForty hours.\n\nBring:\n- a badge\n  with photo\n* shoes\n1) a contract\n\nIs this a question?\n'),
    limits,
  );
  assert.deepEqual(outline(document), [
    'heading2 COUNTRY ANNEX',
    'paragraph This annex applies\nto Rotterdam.',
    'heading3 1.2 Working time',
    'heading1 Week',
    'paragraph Forty hours.',
    'paragraph Bring:',
    'list-item a badge\nwith photo',
    'list-item shoes',
    'list-item 1) a contract',
    'paragraph Is this a question?',
  ]);
});

test('UTF-16 with and without its mark, UTF-8 with its mark and Windows-1252 are read', async () => {
  const wide = Buffer.from('\ufeffGrüße aus Graz', 'utf16le');
  for (const bytes of [wide, wide.subarray(2), Buffer.from(wide).swap16(), encode('\ufeffGrüße aus Graz')]) {
    assert.deepEqual(outline(await readText(bytes, limits)), ['paragraph Grüße aus Graz']);
  }
  const guessed = await readText(Buffer.from('Grüße – 5 €', 'latin1'), limits);
  assert.match(guessed.warnings[0]?.message ?? '', /Windows-1252/);
});

test('a transcript is read as the words spoken', async () => {
  const document = await readText(encode('1\r\n00:00:01,000 --> 00:00:02,500\r\nWelcome to <i>Halden</i>.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nPlease sit down.\r\n'), limits);
  assert.deepEqual(outline(document), ['paragraph Welcome to Halden. Please sit down.']);
});

test('white space alone is no text, and too much text is refused', async () => {
  await assert.rejects(readText(encode(' \n\n\t'), limits), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(readText(encode('word '.repeat(100)), { ...limits, charactersMax: 100 }), (error) => isProblem(error, 'file-too-complex'));
  await assert.rejects(readText(encode('a\n\nb\n\nc'), { ...limits, blocksMax: 2 }), (error) => isProblem(error, 'file-too-complex'));
});
