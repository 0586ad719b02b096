import assert from 'node:assert/strict';
import test from 'node:test';
import { utils, write, type WorkBook } from '@e965/xlsx';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { buildArchive, outline } from './testing.ts';
import { readXlsx } from './xlsx.ts';

function save(workbook: WorkBook): Uint8Array {
  return new Uint8Array(write(workbook, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer);
}
function build(sheets: Record<string, unknown[][]>): WorkBook {
  const workbook = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(workbook, utils.aoa_to_sheet(rows, { UTC: true }), name);
  return workbook;
}

test('each sheet has its number, its name and its tables; a title above a table is a paragraph', async () => {
  const workbook = build({
    About: [['Price list 2026'], [], ['Owner', 'Sales']],
    Prices: [['Item', 'Price', 'Since'], ['HX-4', 1250.5, new Date(Date.UTC(2026, 2, 15))], ['LT-2', 98000, new Date(Date.UTC(2026, 0, 1, 8, 30))]],
  });
  workbook.Sheets['Prices']!['B2'] = { t: 'n', v: 1250.5, f: '1000+250.5', z: '#,##0.00' };
  const document = await readXlsx(save(workbook), limits);
  assert.equal(document.pageCount, 2);
  assert.deepEqual(outline(document), [
    'heading2 About',
    'paragraph Price list 2026',
    'table Owner | Sales',
    'heading2 Prices',
    'table Item | Price | Since\nHX-4 | 1,250.50 | 2026-03-15\nLT-2 | 98000 | 2026-01-01 08:30',
  ]);
  assert.deepEqual(document.blocks.map((block) => [block.page, block.pageLabel]), [[1, 'About'], [1, 'About'], [1, 'About'], [2, 'Prices'], [2, 'Prices']]);
});

test('long tables are kept in pieces with their header, wherever the table stands', async () => {
  const rows = Array.from({ length: 130 }, (_, index) => ['', '', `row ${index}`, index]);
  const document = await readXlsx(save(build({ Sheet1: [[], ['', '', 'Name', 'No'], ...rows] })), limits);
  assert.equal(document.blocks.length, 3);
  assert.ok(document.blocks.every((block) => block.text.startsWith('Name | No\n')), outline(document).join('\n').slice(0, 200));
});

test('a hidden sheet is left out and named', async () => {
  const workbook = build({ Open: [['a', 'b']], Secret: [['salary', 1]] });
  workbook.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] };
  const document = await readXlsx(save(workbook), limits);
  assert.deepEqual(outline(document), ['heading2 Open', 'table a | b']);
  assert.match(document.warnings[0]?.message ?? '', /"Secret" is hidden/);
});

test('the row limit is told and the column limit refuses', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => [index, 'x']);
  const document = await readXlsx(save(build({ Data: rows })), { ...limits, rowsMax: 10 });
  assert.match(document.warnings[0]?.message ?? '', /first 10 rows/);
  await assert.rejects(readXlsx(save(build({ Data: [Array.from({ length: 501 }, () => 'x')] })), limits), (error) => isProblem(error, 'file-too-complex'));
});

test('an empty workbook, another document and a broken one are refused with a reason', async () => {
  await assert.rejects(readXlsx(save(build({ Empty: [[]] })), limits), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(readXlsx(buildArchive({ 'ppt/presentation.xml': '<p/>' }), limits), (error) => isProblem(error, 'file-type-mismatch'));
  await assert.rejects(readXlsx(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), limits), (error) => isProblem(error, 'file-encrypted'));
});
