import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import type { ParsedDocument } from '#lib/documents/types.ts';
import { readPdf } from './pdf.ts';
import { buildPdf, outline } from './testing.ts';

const sentence = 'The laboratory checks each instrument once a year and writes a certificate.';

function checkBoxes(document: ParsedDocument, width = 595.28, height = 841.89): void {
  for (const block of document.blocks) {
    assert.ok(block.lines && block.lines.length > 0, block.text);
    for (const line of block.lines) {
      assert.ok(line.x >= 0 && line.y >= 0 && line.x + line.width <= width + 0.1 && line.y + line.height <= height + 0.1, JSON.stringify(line));
      assert.ok(line.start <= line.end && line.end <= block.text.length);
    }
  }
}

test('headings are told by size and weight, paragraphs by spacing, list items by their bullet', async () => {
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica-Bold').fontSize(20).text('Calibration procedure', 60, 60);
    pdf.font('Helvetica-Bold').fontSize(11).text('1 Scope', 60, 110);
    pdf.font('Helvetica').fontSize(11).text(`${sentence} ${sentence}`, 60, 130, { width: 400 });
    pdf.text(sentence, 60, 190, { width: 400 });
    pdf.text('•', 60, 230).text('Warm up for two hours', 80, 230);
    pdf.text('•', 60, 246).text('Note the temperature', 80, 246);
    pdf.text('1. Press start', 60, 262);
  });
  const document = await readPdf(bytes, limits);
  assert.equal(document.title, 'Calibration procedure');
  assert.equal(document.pageCount, 1);
  assert.deepEqual(outline(document), [
    'heading1 Calibration procedure',
    'heading2 1 Scope',
    `paragraph ${sentence} ${sentence}`,
    `paragraph ${sentence}`,
    'list-item Warm up for two hours',
    'list-item Note the temperature',
    'list-item 1. Press start',
  ]);
  checkBoxes(document);
});

test('each line of a paragraph has its box where its words stand, from the top left corner', async () => {
  const bytes = await buildPdf((pdf) => pdf.font('Helvetica').fontSize(12).text('First line of words', 100, 200).text('second line of words', 100, 216));
  const [block] = (await readPdf(bytes, limits)).blocks;
  assert.deepEqual(block?.lines?.map((line) => block.text.slice(line.start, line.end)), ['First line of words', 'second line of words']);
  const [first, second] = block.lines;
  assert.ok(Math.abs(first!.x - 100) < 1 && first!.y > 196 && first!.y < 204 && first!.height > 9 && first!.height < 18, JSON.stringify(first));
  assert.ok(Math.abs(second!.y - first!.y - 16) < 1);
  assert.ok(first!.width > 90 && first!.width < 130);
});

test('two columns are read one after the other, below a heading across both', async () => {
  const left = Array.from({ length: 12 }, (_, index) => `left line ${index} speaks about leave`);
  const right = Array.from({ length: 12 }, (_, index) => `right line ${index} speaks about pay`);
  for (const order of ['column by column', 'row by row']) {
    const bytes = await buildPdf((pdf) => {
      pdf.font('Helvetica').fontSize(10).text('This sentence runs across the whole page and over both of the columns below it, from margin to margin.', 60, 60);
      const draws = [...left.map((text, index) => () => pdf.text(text, 60, 100 + index * 12)), ...right.map((text, index) => () => pdf.text(text, 320, 100 + index * 12))];
      if (order === 'row by row') draws.sort(() => 0).splice(0, 24, ...left.flatMap((_, index) => [draws[index]!, draws[index + 12]!]));
      for (const draw of draws) draw();
    });
    const text = (await readPdf(bytes, limits)).blocks.map((block) => block.text).join(' ');
    assert.ok(text.indexOf('left line 11') < text.indexOf('right line 0'), `${order}: ${text.slice(0, 300)}`);
    assert.ok(text.startsWith('This sentence runs'));
  }
});

test('cells that stand in columns become a table with one box a cell', async () => {
  const rows = [['Service', 'Austria', 'Rotterdam'], ['up to 2 years', '6 weeks', '1 month'], ['2 to 5 years', '2 months', '1 month'], ['Total', '$', '']];
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica').fontSize(10);
    rows.forEach((row, index) => row.forEach((cell, column) => cell && pdf.text(cell, 60 + column * 150, 100 + index * 16)));
    pdf.text('120', 240, 148);
  });
  const document = await readPdf(bytes, limits);
  assert.deepEqual(outline(document), ['table Service | Austria | Rotterdam\nup to 2 years | 6 weeks | 1 month\n2 to 5 years | 2 months | 1 month\nTotal | $120']);
  checkBoxes(document);
});

test('a text that wraps inside a cell stays in its cell', async () => {
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica').fontSize(10);
    pdf.text('Warranty', 60, 100).text('A promise by the maker', 200, 100).text('to repair it', 200, 112);
    pdf.text('Owner', 60, 134).text('The person who answers', 200, 134).text('for the device', 200, 146);
  });
  assert.deepEqual(outline(await readPdf(bytes, limits)), ['table Warranty | A promise by the maker to repair it\nOwner | The person who answers for the device']);
});

test('running headers, footers and page numbers are taken off, also in the middle of a sentence', async () => {
  const bytes = await buildPdf((pdf) => {
    for (let page = 1; page <= 4; page += 1) {
      if (page > 1) pdf.addPage({ size: 'A4', margin: 0 });
      pdf.font('Helvetica').fontSize(9).text('Halden Instruments - internal', 60, 30).text(`Page ${page} of 4`, 280, 810);
      pdf.fontSize(11).text(page === 1 ? 'Everyone returns the badge and the' : `laptop on day ${page}.`, 60, 100 + page);
      if (page > 1) pdf.text(`Different words on page ${page} stand here.`, 60, 160);
    }
  });
  const document = await readPdf(bytes, limits);
  const text = document.blocks.map((block) => block.text).join('\n');
  assert.doesNotMatch(text, /internal|of 4/);
  assert.ok(text.startsWith('Everyone returns the badge and the laptop on day 2.'), text);
  assert.deepEqual([...new Set(document.blocks[0]?.lines?.map((line) => line.page))], [1, 2]);
});

test('a word hyphenated at the end of a line is joined, unless the document writes it with a hyphen', async () => {
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica').fontSize(11);
    pdf.text('We measure the uncer-', 60, 100).text('tainty of a well-', 60, 114).text('known gauge here, and well-known it is.', 60, 128);
  });
  assert.deepEqual(outline(await readPdf(bytes, limits)), ['paragraph We measure the uncertainty of a well-known gauge here, and well-known it is.']);
});

test('a turned page is measured as it is shown', async () => {
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica').fontSize(12).text('Upright words', 60, 100);
    pdf.rotate(90, { origin: [300, 300] }).text('Sideways words', 300, 300);
  });
  const document = await readPdf(bytes, limits);
  assert.deepEqual(outline(document), ['paragraph Upright words', 'paragraph Sideways words']);
  checkBoxes(document);
  const sideways = document.blocks[1]?.lines?.[0];
  assert.ok(sideways && sideways.height > sideways.width, JSON.stringify(sideways));
});

test('a password, a cut file, a picture without words and garbage each have their own answer', async () => {
  const secret = await buildPdf((pdf) => pdf.text('secret', 50, 50), { userPassword: 'x', ownerPassword: 'y' });
  await assert.rejects(readPdf(secret, limits), (error) => isProblem(error, 'file-encrypted'));
  const drawing = await buildPdf((pdf) => pdf.rect(50, 50, 100, 100).fill('red'));
  await assert.rejects(readPdf(drawing, limits), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(readPdf(new TextEncoder().encode('%PDF-1.7\nnothing else'), limits), (error) => isProblem(error, 'file-damaged'));
  const whole = await buildPdf((pdf) => pdf.text('words', 50, 50));
  await assert.rejects(readPdf(whole.slice(0, 300), limits), (error) => isProblem(error, 'file-damaged') || isProblem(error, 'file-no-text'));
});

test('a file that may be opened without its owner password is read', async () => {
  const bytes = await buildPdf((pdf) => pdf.font('Helvetica').text('May be read', 50, 50), { ownerPassword: 'y' });
  assert.deepEqual(outline(await readPdf(bytes, limits)), ['paragraph May be read']);
});

test('a page without text is named in a warning and the others are kept', async () => {
  const bytes = await buildPdf((pdf) => {
    pdf.font('Helvetica').text('Page one', 50, 50);
    pdf.addPage().rect(10, 10, 50, 50).stroke();
  });
  const document = await readPdf(bytes, limits);
  assert.deepEqual(document.warnings.map((warning) => warning.page), [2]);
  assert.equal(document.pageCount, 2);
});

test('more pages than the limit are refused before they are read', async () => {
  const bytes = await buildPdf((pdf) => pdf.text('1', 9, 9).addPage().text('2', 9, 9));
  await assert.rejects(readPdf(bytes, { ...limits, pagesMax: 1 }), (error) => isProblem(error, 'file-too-complex'));
});
