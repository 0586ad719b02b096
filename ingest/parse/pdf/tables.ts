/**
 * Finds tables by what they look like: lines of several cells, one under the other, whose cells stand in columns.
 * Knows no ruled lines and no tags, so a table drawn as prose is read as prose.
 */
import type { Cell, PageLine } from './model.ts';

/** A table found on a page, or a line that is in none. */
export type Stretch = { kind: 'table'; rows: TableRow[]; last: PageLine } | { kind: 'line'; line: PageLine };

/** Cell texts by column; each with the cells it was drawn as, which can be several when a text wraps. */
export interface TableRow {
  columns: Cell[][];
}

/** The share of rows that may cross the gap between two columns, as a heading over both does. */
const crossingShare = 0.15;

/** More rows without a first cell are figures, not a head. */
const headerRowsMax = 4;

/** Tables and single lines in reading order. `lines` is one page. */
export function splitTables(lines: readonly PageLine[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = 0; start < lines.length; ) {
    const end = endOfRun(lines, start);
    const run = lines.slice(start, end);
    const rows = toRows(run);
    const last = run.at(-1);
    if (rows && last) stretches.push({ kind: 'table', rows, last });
    else stretches.push(...run.map((line) => ({ kind: 'line' as const, line })));
    start = end;
  }
  return stretches;
}

/** Where the run of table-like lines that begins at `start` ends; one past `start` when there is none. */
function endOfRun(lines: readonly PageLine[], start: number): number {
  const first = lines[start];
  if (!first || first.cells.length < 2) return start + 1;
  let end = start + 1;
  let row = first;
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index];
    const previous = lines[index - 1];
    if (!line || !previous || line.group !== first.group || isFar(previous, line)) break;
    if (line.cells.length >= 2) row = line;
    if (line.cells.length >= 2 || carriesOn(row, previous, line)) end = index + 1;
    // A row with one cell (a wrapped label, a heading inside the table) counts when the table goes on below it.
    else if (index - end >= 2 || line.text.length > 90) break;
  }
  return end;
}

/** A wrapped line of a cell that is not the row's first. */
function carriesOn(row: PageLine, above: PageLine, line: PageLine): boolean {
  const second = row.cells[1];
  return second !== undefined && line.x >= second.x - 2 && line.baseline - above.baseline <= 1.5 * line.size;
}

function isFar(above: PageLine, below: PageLine): boolean {
  return below.baseline - above.baseline > 3.2 * Math.max(above.size, below.size) || below.baseline < above.baseline;
}

function toRows(run: readonly PageLine[]): TableRow[] | undefined {
  const wide = run.filter((line) => line.cells.length >= 2);
  if (wide.length < 2) return undefined;
  const merged = run.map((line) => mergeSigns(line.cells));
  // Rows of one cell (a wrapped line, a heading over the table) say nothing about where columns end.
  const columns = findColumns(merged.filter((cells) => cells.length >= 2));
  if (columns.length < 2) return undefined;
  const rows = merged.map((cells) => placeCells(cells, columns));
  return joinHeader(joinWrapped(rows));
}

/** A currency sign or a closing bracket drawn apart belongs to its number. */
function mergeSigns(cells: readonly Cell[]): Cell[] {
  const merged: Cell[] = [];
  for (const cell of cells) {
    const last = merged.at(-1);
    const opens = last !== undefined && /^[($€£¥(]+$/.test(last.text);
    const closes = last !== undefined && /^[)%]+$/.test(cell.text);
    if (last && (opens || closes)) {
      merged[merged.length - 1] = { ...last, text: `${last.text}${cell.text}`, width: cell.x + cell.width - last.x };
    } else {
      merged.push(cell);
    }
  }
  return merged;
}

/** The x ranges of the columns: stretches that more than a few rows cover, divided by gaps that hardly any does. */
function findColumns(rows: readonly Cell[][]): { left: number; right: number }[] {
  const cells = rows.flat();
  const left = Math.floor(Math.min(...cells.map((cell) => cell.x)));
  const width = Math.ceil(Math.max(...cells.map((cell) => cell.x + cell.width))) - left + 1;
  const coverage = new Uint32Array(Math.min(width, 20_000));
  for (const cell of cells) {
    const end = Math.min(coverage.length, Math.ceil(cell.x + cell.width - left));
    for (let x = Math.max(0, Math.floor(cell.x - left)); x < end; x += 1) coverage[x] = (coverage[x] ?? 0) + 1;
  }
  const threshold = Math.max(0, Math.floor(rows.length * crossingShare));
  const columns: { left: number; right: number }[] = [];
  let open: number | undefined;
  for (let x = 0; x <= coverage.length; x += 1) {
    const isCovered = (coverage[x] ?? 0) > threshold;
    if (isCovered) open ??= x;
    else if (open !== undefined) {
      columns.push({ left: left + open, right: left + x });
      open = undefined;
    }
  }
  return columns;
}

function placeCells(cells: readonly Cell[], columns: readonly { left: number; right: number }[]): TableRow {
  const placed: Cell[][] = columns.map(() => []);
  for (const cell of cells) {
    const center = cell.x + cell.width / 2;
    const distances = columns.map((column) => {
      const overlap = Math.min(column.right, cell.x + cell.width) - Math.max(column.left, cell.x);
      return overlap > 0 ? -overlap : Math.abs(center - (column.left + column.right) / 2);
    });
    placed[distances.indexOf(Math.min(...distances))]?.push(cell);
  }
  return { columns: placed };
}

/** Joins a row to the one above when it only carries on its wrapped texts. */
function joinWrapped(rows: readonly TableRow[]): TableRow[] {
  const gaps = rows.slice(1).map((row, index) => gapBetween(rows[index], row)).sort((left, right) => left - right);
  const gapOfRows = gaps[Math.floor(gaps.length * 0.9)] ?? 0;
  const joined: TableRow[] = [];
  rows.forEach((row, index) => {
    const above = joined.at(-1);
    const gap = gapBetween(rows[index - 1], row);
    if (above && continues(above, row, { gap, isTight: gap * 1.4 < gapOfRows })) row.columns.forEach((cells, column) => above.columns[column]?.push(...cells));
    else joined.push({ columns: row.columns.map((cells) => [...cells]) });
  });
  return joined;
}

function continues(above: TableRow, row: TableRow, spacing: { gap: number; isTight: boolean }): boolean {
  const filled = row.columns.map((cells, column) => ({ cells, column })).filter(({ cells }) => cells.length > 0);
  if (filled.length === 0 || spacing.gap > 1.55 * Math.max(...row.columns.flat().map((cell) => cell.size))) return false;
  const everyText = filled.every(({ cells, column }) => {
    const end = above.columns[column]?.at(-1);
    return end !== undefined && /\p{L}/u.test(end.text) && cells.every((cell) => /\p{L}/u.test(cell.text));
  });
  if (!everyText) return false;
  const first = row.columns[0]?.[0];
  return first === undefined || spacing.isTight || /^\p{Ll}/u.test(first.text);
}

/** Rows of a head share the empty corner over the first column. As one row they name the columns wherever the table is cut. */
function joinHeader(rows: TableRow[]): TableRow[] {
  const end = rows.findIndex((row) => (row.columns[0]?.length ?? 0) > 0);
  if (end < 2 || end > headerRowsMax) return rows;
  const head = rows.slice(0, end);
  const columns = (head[0]?.columns ?? []).map((_, column) => head.flatMap((row) => row.columns[column] ?? []));
  return [{ columns }, ...rows.slice(end)];
}

function gapBetween(above: TableRow | undefined, below: TableRow): number {
  if (!above) return Infinity;
  return Math.min(...below.columns.flat().map((cell) => cell.baseline)) - Math.max(...above.columns.flat().map((cell) => cell.baseline));
}
