/**
 * Finds columns of running text on a page, so that it is read column by column and not across.
 * A table has gutters too; what tells columns apart is that both sides are lines of prose, and, in most files, that
 * one side is drawn before the other while a table is drawn row by row.
 */
import type { Cell } from './model.ts';

/** Fewer lines than this on a side are not a column. */
const linesMin = 4;
/** Median characters of a line in a column; table cells are shorter. Less is asked where one column is drawn after the other. */
const charactersMin = 18;
const charactersMinDrawnApart = 8;
/** Columns within columns; a page has no more. */
const depthMax = 3;

interface Band {
  cells: Cell[];
  isColumns: boolean;
}

/** Groups of cells in reading order; each group is one column, or the full width between columns. */
export function splitColumns(cells: readonly Cell[], depth = 0): Cell[][] {
  if (cells.length === 0) return [];
  const gutter = depth < depthMax ? findGutter(cells) : undefined;
  if (gutter === undefined) return [[...cells]];
  return cutBands(cells, gutter).flatMap((band) => {
    if (!band.isColumns) return [band.cells];
    const { left, right } = divide(band.cells, gutter);
    return [...splitColumns(left, depth + 1), ...splitColumns(right, depth + 1)];
  });
}

/** The x between two columns with the most lines beside it, if there is one. */
function findGutter(cells: readonly Cell[]): number | undefined {
  const left = Math.min(...cells.map((cell) => cell.x));
  const right = Math.max(...cells.map((cell) => cell.x + cell.width));
  const edges = new Map<number, number>();
  for (const cell of cells) {
    const edge = Math.round(cell.x / 3);
    edges.set(edge, (edges.get(edge) ?? 0) + 1);
  }
  let best: number | undefined;
  let bestLines = 0;
  for (const [edge, count] of edges) {
    const gutter = edge * 3 - 3;
    const share = (gutter - left) / (right - left);
    if (count < linesMin || share < 0.15 || share > 0.85) continue;
    const lines = cutBands(cells, gutter).reduce((sum, band) => sum + (band.isColumns ? band.cells.length : 0), 0);
    if (lines > bestLines) [best, bestLines] = [gutter, lines];
  }
  return best;
}

/** Cuts the page from top to bottom where a cell crosses the gutter; a stretch between crossings may be columns. */
function cutBands(cells: readonly Cell[], gutter: number): Band[] {
  const bands: Band[] = [];
  let stretch: Cell[] = [];
  function close(): void {
    if (stretch.length === 0) return;
    if (areColumns(stretch, gutter)) bands.push({ cells: stretch, isColumns: true });
    else for (const cell of stretch) addAcross(bands, cell);
    stretch = [];
  }
  for (const cell of [...cells].sort((left, right) => left.baseline - right.baseline)) {
    if (crosses(cell, gutter)) {
      close();
      addAcross(bands, cell);
    } else {
      stretch.push(cell);
    }
  }
  close();
  return bands;
}

function addAcross(bands: Band[], cell: Cell): void {
  const last = bands.at(-1);
  if (last && !last.isColumns) last.cells.push(cell);
  else bands.push({ cells: [cell], isColumns: false });
}

function crosses(cell: Cell, gutter: number): boolean {
  return cell.x < gutter - 1 && cell.x + cell.width > gutter + 4;
}

function divide(cells: readonly Cell[], gutter: number): { left: Cell[]; right: Cell[] } {
  return {
    left: cells.filter((cell) => cell.x < gutter - 1),
    right: cells.filter((cell) => cell.x >= gutter - 1),
  };
}

function areColumns(cells: readonly Cell[], gutter: number): boolean {
  const { left, right } = divide(cells, gutter);
  if (Math.min(countLines(left), countLines(right)) < linesMin) return false;
  const characters = isDrawnApart(cells, gutter) ? charactersMinDrawnApart : charactersMin;
  return [left, right].every((side) => isProse(side, characters));
}

/** Cells beside each other are one line; the head of a table is not a column because it has many cells. */
function countLines(cells: readonly Cell[]): number {
  return new Set(cells.map((cell) => Math.round(cell.baseline / 4))).size;
}

/** True when the page's drawing order changes sides only now and then. */
function isDrawnApart(cells: readonly Cell[], gutter: number): boolean {
  const ordered = [...cells].sort((left, right) => left.order - right.order);
  const changes = ordered.filter((cell, index) => {
    const previous = ordered[index - 1];
    return previous !== undefined && previous.x < gutter - 1 !== cell.x < gutter - 1;
  });
  return changes.length <= 1 + cells.length / 15;
}

function isProse(side: readonly Cell[], characters: number): boolean {
  const lengths = side.map((cell) => cell.text.length).sort((left, right) => left - right);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const numbers = side.filter((cell) => !/\p{L}{2}/u.test(cell.text)).length;
  return median >= characters && numbers <= side.length / 4;
}
