/**
 * A table with hairlines: columns as wide as their words ask for, a head that is repeated on every page, rows that are
 * never cut in two. Knows nothing about the rest of the document.
 */
import type { Table, TableRow } from 'mdast';
import { breakLines, drawLine } from './pdf-text.ts';
import type { Line, Pdf, TextStyle } from './pdf-text.ts';
import { color, drawHairline, keepRoom, page, turnPage, type } from './pdf-page.ts';
import type { Sheet } from './pdf-page.ts';
import { toRuns } from './source.ts';

const gap = 18;
const padding = 5.5;

interface Row {
  readonly cells: readonly (readonly Line[])[];
  readonly height: number;
  readonly style: TextStyle;
}

/** Points; a table up to this height is not divided between pages. */
const wholeHeightMax = 300;

/** How much room the table wants on one page: all of it when it is short, else its head and the first rows. */
export function roomForTable(doc: Pdf, table: Table): number {
  const rows = layRows(doc, table, fitColumns(doc, table));
  const height = (list: readonly Row[]): number => list.reduce((sum, row) => sum + row.height, 0);
  return height(rows) <= wholeHeightMax ? height(rows) : height(rows.slice(0, 4));
}

/** Draws the table from the current height on. */
export function drawTable(sheet: Sheet, table: Table): void {
  const widths = fitColumns(sheet.doc, table);
  const [head, ...rows] = layRows(sheet.doc, table, widths);
  if (head === undefined) return;
  const starts = widths.map((_, index) => page.left + widths.slice(0, index).reduce((sum, width) => sum + width + gap, 0));
  const columns = widths.map((width, index) => ({ start: starts[index] ?? page.left, width, end: table.align?.[index] === 'right' }));
  const drawHead = (): void => {
    drawRow(sheet, head, columns);
    drawHairline(sheet.doc, { y: sheet.y, tone: color.strong });
  };
  keepRoom(sheet, roomForTable(sheet.doc, table));
  drawHead();
  for (const row of rows) {
    if (sheet.y + row.height > page.bottom) {
      turnPage(sheet);
      drawHead();
    }
    drawRow(sheet, row, columns);
    drawHairline(sheet.doc, { y: sheet.y });
  }
  sheet.y += 16;
}

function layRows(doc: Pdf, table: Table, widths: readonly number[]): Row[] {
  return table.children.map((row, index) => layRow(doc, row, { widths, style: index === 0 ? type.cellHead : type.cell }));
}

function layRow(doc: Pdf, row: TableRow, { widths, style }: { widths: readonly number[]; style: TextStyle }): Row {
  const cells = row.children.map((cell, index) => breakLines(doc, toRuns(cell.children), { style, width: (widths[index] ?? 40) + 0.5 }));
  return { cells, style, height: Math.max(...cells.map((lines) => lines.length)) * style.leading + 2 * padding };
}

function drawRow(sheet: Sheet, row: Row, columns: readonly { start: number; width: number; end: boolean }[]): void {
  row.cells.forEach((lines, index) => {
    const column = columns[index];
    if (column === undefined) return;
    lines.forEach((line, number) => {
      const x = column.end ? column.start + column.width - line.width : column.start;
      drawLine(sheet.doc, line, { x, y: sheet.y + padding + number * row.style.leading, style: row.style });
    });
  });
  sheet.y += row.height;
}

/** Each column gets its longest word; what is left of the page is shared by how much more each would like. */
function fitColumns(doc: Pdf, table: Table): number[] {
  const count = table.children[0]?.children.length ?? 0;
  const room = page.width - gap * (count - 1);
  const needs = Array.from({ length: count }, (_, index) => {
    const cells = table.children.flatMap((row, number) => {
      const cell = row.children[index];
      return cell === undefined ? [] : [{ runs: toRuns(cell.children), style: number === 0 ? type.cellHead : type.cell }];
    });
    const widest = (limit: number): number => Math.max(...cells.flatMap(({ runs, style }) => breakLines(doc, runs, { style, width: limit }).map((line) => line.width)));
    return { least: widest(1), wanted: Math.min(widest(10_000), 330) };
  });
  const wanted = needs.reduce((sum, need) => sum + need.wanted, 0);
  const least = needs.reduce((sum, need) => sum + need.least, 0);
  if (wanted <= room) return needs.map((need) => need.wanted + ((room - wanted) * need.wanted) / wanted);
  return needs.map((need) => need.least + ((room - least) * (need.wanted - need.least)) / Math.max(1, wanted - least));
}
