/**
 * Reads a workbook: each sheet's filled regions as tables of the values that people see. Formulas are not computed;
 * the values that the spreadsheet program saved are taken. Hidden sheets are left out and named in a warning.
 */
import { read, type CellObject, type WorkBook, type WorkSheet } from '@e965/xlsx';
import { Problem } from '#lib/errors.ts';
import type { Limits } from '#ingest/limits.ts';
import { packParts, readParts } from './archive.ts';
import { createCollector, type Collector, type Reader } from './collector.ts';
import { readOfficeTitle } from './xml.ts';

const wanted = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/core\.xml|xl\/(?:workbook|styles|sharedStrings)\.xml|xl\/(?:_rels|worksheets)\/[^/]*\.(?:xml|rels))$/;

export const readXlsx: Reader = async (bytes, limits) => {
  const parts = await readParts(bytes, { format: 'xlsx', wanted }, limits);
  const collector = createCollector(limits);
  const title = readOfficeTitle(parts.get('docProps/core.xml'), limits);
  const workbook = open(packParts(parts), limits);
  if (workbook.SheetNames.length > limits.sheetsMax) throw new Problem('file-too-complex', { detail: `The workbook has more than ${limits.sheetsMax} sheets.` });
  workbook.SheetNames.forEach((name, index) => {
    const sheet = workbook.Sheets[name];
    const isHidden = (workbook.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0;
    if (isHidden) collector.warn(`The sheet "${name}" is hidden and was left out.`, index + 1);
    else if (sheet) addSheet(sheet, { name, page: index + 1, isNamed: workbook.SheetNames.length > 1 || !/^(sheet|tabelle|feuil)\s?1$/i.test(name) }, { collector, limits });
  });
  return collector.finish({ title, pageCount: workbook.SheetNames.length });
};

function open(archive: Uint8Array, limits: Limits): WorkBook {
  try {
    return read(archive, { type: 'array', dense: true, cellDates: true, UTC: true, cellFormula: false, cellHTML: false, cellStyles: false, sheetRows: limits.rowsMax + 1 });
  } catch (cause) {
    // Too large for one string or array: the child says so in words.
    if (cause instanceof RangeError) throw cause;
    if (cause instanceof Error && /password|encrypt/i.test(cause.message)) throw new Problem('file-encrypted', { cause });
    throw new Problem('file-damaged', { detail: 'The workbook is damaged and could not be read.', cause });
  }
}

interface SheetName {
  name: string;
  page: number;
  isNamed: boolean;
}

function addSheet(sheet: WorkSheet, { name, page, isNamed }: SheetName, { collector, limits }: { collector: Collector; limits: Limits }): void {
  const place = { page, pageLabel: name };
  const rows = readRows(sheet, limits);
  if (rows.length > limits.rowsMax) {
    rows.length = limits.rowsMax;
    collector.warn(`Only the first ${limits.rowsMax.toLocaleString('en')} rows of the sheet "${name}" were read.`, page);
  }
  const sections = splitSections(rows);
  if (isNamed && sections.length > 0) collector.add({ kind: 'heading', level: 2, text: name, ...place });
  for (const section of sections) {
    // A title or note above a table stands alone in its row.
    const start = section.findIndex((row) => row.filter((cell) => cell !== '').length > 1);
    for (const row of start < 0 ? section : section.slice(0, start)) collector.add({ kind: 'paragraph', text: row.join(' ').trim(), ...place });
    if (start >= 0) collector.addTable(trimLeft(section.slice(start)), place);
  }
}

function readRows(sheet: WorkSheet, limits: Limits): string[][] {
  const data = sheet['!data'] ?? [];
  const rows: string[][] = [];
  for (let index = 0; index < data.length; index += 1) {
    const cells = data[index] ?? [];
    if (cells.length > limits.columnsMax && cells.slice(limits.columnsMax).some((cell) => formatCell(cell) !== '')) {
      throw new Problem('file-too-complex', { detail: `A sheet has more than ${limits.columnsMax} columns.` });
    }
    rows.push(Array.from({ length: Math.min(cells.length, limits.columnsMax) }, (_, column) => formatCell(cells[column])));
  }
  return rows;
}

/** Dates as year-month-day, because 3/4/25 is two days; everything else as the sheet shows it. */
function formatCell(cell: CellObject | undefined): string {
  if (!cell || cell.t === 'z') return '';
  if (cell.t === 'd' && cell.v instanceof Date && cell.v.getUTCFullYear() > 1900) {
    const [day = '', time = ''] = cell.v.toISOString().split('T');
    return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 5)}`;
  }
  return (cell.w ?? String(cell.v ?? '')).trim();
}

/** Regions of filled rows with empty rows between them. */
function splitSections(rows: readonly string[][]): string[][][] {
  const sections: string[][][] = [];
  let isOpen = false;
  for (const row of rows) {
    const isFilled = row.some((cell) => cell !== '');
    if (isFilled && isOpen) sections.at(-1)?.push(row);
    else if (isFilled) sections.push([row]);
    isOpen = isFilled;
  }
  return sections;
}

/** Without the empty columns that a table placed further right has on its left. */
function trimLeft(rows: readonly string[][]): string[][] {
  const first = Math.min(...rows.map((row) => row.findIndex((cell) => cell !== '')).filter((index) => index >= 0));
  return rows.map((row) => row.slice(first));
}
