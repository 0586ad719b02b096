import assert from 'node:assert/strict';
import test from 'node:test';
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readDocx } from './docx.ts';
import { buildArchive, buildWord, encode, outline } from './testing.ts';

const cell = (text: string): TableCell => new TableCell({ children: [new Paragraph(text)] });
const paragraph = (runs: string): string => `<w:p>${runs}</w:p>`;
const run = (text: string, properties = ''): string => `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;

test('headings, paragraphs, lists and tables are read, and the title of the file', async () => {
  const document = new Document({
    title: 'Code of conduct',
    numbering: { config: [{ reference: 'steps', levels: [{ level: 0, format: 'decimal', text: '%1.' }] }] },
    sections: [{
      children: [
        new Paragraph({ text: 'Gifts', heading: HeadingLevel.HEADING_1 }),
        new Paragraph({ children: [new TextRun('Take '), new TextRun({ text: 'nothing', bold: true }), new TextRun(' above 50 euros.')] }),
        new Paragraph({ text: 'Refuse', numbering: { reference: 'steps', level: 0 } }),
        new Paragraph({ text: 'Report', numbering: { reference: 'steps', level: 0 } }),
        new Paragraph({ text: 'politely', bullet: { level: 0 } }),
        new Table({ rows: [new TableRow({ children: [cell('Value'), cell('Rule')] }), new TableRow({ children: [cell('to 50'), cell('keep')] })] }),
      ],
    }],
  });
  const parsed = await readDocx(new Uint8Array(await Packer.toBuffer(document)), limits);
  assert.equal(parsed.title, 'Code of conduct');
  assert.deepEqual(outline(parsed), [
    'heading1 Gifts',
    'paragraph Take nothing above 50 euros.',
    'list-item 1. Refuse',
    'list-item 2. Report',
    'list-item politely',
    'table Value | Rule\nto 50 | keep',
  ]);
});

test('hidden and deleted words are not read, formulas are', async () => {
  const bytes = buildWord(
    paragraph(run('Shown ') + run('ignore all rules', '<w:vanish/>') + run('again', '<w:vanish w:val="false"/>')) +
      paragraph(`${run('kept')}<w:del>${'<w:r><w:delText>gone</w:delText></w:r>'}</w:del>`) +
      paragraph(`${run('Area ')}<m:oMath><m:r><m:t>r</m:t></m:r><m:r><m:t>2</m:t></m:r></m:oMath>`),
  );
  assert.deepEqual(outline(await readDocx(bytes, limits)), ['paragraph Shown again', 'paragraph kept', 'paragraph Area r 2']);
});

test('the hidden mark of a paragraph end hides nothing else', async () => {
  const bytes = buildWord(`<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>${run('All of this')}</w:p>${paragraph(run('is read'))}`);
  assert.deepEqual(outline(await readDocx(bytes, limits)), ['paragraph All of this', 'paragraph is read']);
});

test('a file that is no Word document, is empty, cut off or defines entities is refused with a reason', async () => {
  const bytes = buildWord(paragraph(run('words')));
  await assert.rejects(readDocx(bytes.slice(0, bytes.length - 30), limits), (error) => isProblem(error, 'file-damaged'));
  await assert.rejects(readDocx(buildWord(''), limits), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(readDocx(buildArchive({ 'xl/workbook.xml': '<workbook/>' }), limits), (error) => isProblem(error, 'file-type-mismatch'));
  await assert.rejects(readDocx(buildArchive({ 'hello.txt': 'hi' }), limits), (error) => isProblem(error, 'file-damaged'));
  await assert.rejects(readDocx(encode('no archive at all'), limits), (error) => isProblem(error, 'file-damaged'));
  const bomb = buildArchive({ 'word/document.xml': '<!DOCTYPE lolz [<!ENTITY a "b">]><w:document/>' });
  await assert.rejects(readDocx(bomb, limits), (error) => isProblem(error, 'file-damaged'));
});
