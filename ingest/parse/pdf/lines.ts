/**
 * From pieces to lines in reading order: pieces to cells, cells to columns, cells of a column to lines.
 */
import { splitColumns } from './columns.ts';
import { enclose, type Cell, type Page, type PageLine, type Piece } from './model.ts';
import type { PagePieces } from './pieces.ts';

/** A gap this many font sizes wide separates cells, when the page draws one piece right after the other. */
const gapOfCells = 1.1;
/** A narrower gap does when the page was drawn in another order: then the pieces belong to different columns. */
const gapOfColumns = 0.45;
/** A gap this wide is a space, even where none was drawn. */
const gapOfWords = 0.13;

/** Dots that lead the eye to a page number are no text. */
const leaders = /\s*(?:\.\s?){5,}/g;

const bullet = /^(?:[•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖\u2043\u2219\uf0b7\uf0a7\uf0d8\uf076*–—-]|\(?\p{L}[.)]|\(?[ivx]{1,4}[.)]|\(?\d{1,3}[.)])$/u;

/** The lines of one page, in the order in which a person reads them. */
export function readLines(number: number, page: PagePieces): Page {
  const upright = page.pieces.filter((piece) => !piece.turned);
  const cells = groupRows(upright).flatMap(splitRow);
  const groups = splitColumns(cells);
  const lines = groups.flatMap((group, index) => groupRows(group).map((row) => toLine(row, number, index)));
  // Sideways text (a margin note, a stamp) is read last, each string on its own.
  const turned = page.pieces.filter((piece) => piece.turned).map((piece) => toLine([toCell([piece])], number, groups.length));
  return { number, width: page.width, height: page.height, lines: [...lines, ...turned] };
}

/** What stands on one baseline, from top to bottom; a raised or lowered mark stays with the text that it belongs to. */
function groupRows<Item extends { x: number; baseline: number; size: number }>(items: readonly Item[]): Item[][] {
  const rows: { baseline: number; size: number; items: Item[] }[] = [];
  for (const item of [...items].sort((left, right) => left.baseline - right.baseline || left.x - right.x)) {
    const row = rows.at(-1);
    if (row && item.baseline - row.baseline <= 0.4 * Math.max(row.size, item.size)) {
      row.items.push(item);
      if (item.size > row.size) Object.assign(row, { size: item.size, baseline: item.baseline });
    } else {
      rows.push({ baseline: item.baseline, size: item.size, items: [item] });
    }
  }
  return rows.map((row) => row.items.sort((left, right) => left.x - right.x));
}

/** Cuts a row of pieces at its wide gaps. */
function splitRow(row: readonly Piece[]): Cell[] {
  const cells: Piece[][] = [];
  for (const piece of row) {
    const cell = cells.at(-1);
    const previous = cell?.at(-1);
    if (cell && previous && !isApart(previous, piece, cell.length)) cell.push(piece);
    else cells.push([piece]);
  }
  return cells.map(toCell);
}

function isApart(left: Piece, right: Piece, count: number): boolean {
  const gap = right.x - (left.x + left.width);
  const size = Math.max(left.size, right.size);
  // The text after a bullet or number belongs to it, however far the tab stop is.
  if (count === 1 && bullet.test(left.text.trim()) && gap < 5 * size) return false;
  const drawnTogether = Math.abs(right.order - left.order) <= 2;
  return gap > (drawnTogether ? gapOfCells : gapOfColumns) * size;
}

function toCell(pieces: readonly Piece[]): Cell {
  const rightToLeft = pieces.filter((piece) => piece.rightToLeft).length > pieces.length / 2;
  const ordered = rightToLeft ? [...pieces].reverse() : pieces;
  let text = '';
  ordered.forEach((piece, index) => {
    const previous = ordered[index - 1];
    if (previous && needsSpace(previous, piece)) text += ' ';
    text += piece.text;
  });
  const largest = pieces.reduce((left, right) => (weight(right) > weight(left) ? right : left));
  const characters = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  const bold = pieces.reduce((sum, piece) => sum + (piece.bold ? piece.text.length : 0), 0);
  return {
    ...enclose(pieces),
    text: text.replace(leaders, ' ').replace(/\s+/g, ' ').trim(),
    baseline: largest.baseline,
    size: largest.size,
    bold: bold > 0.9 * characters,
    order: Math.min(...pieces.map((piece) => piece.order)),
  };
}

/** How much a piece says about its line's size: long pieces more than a footnote mark. */
function weight(piece: Piece): number {
  return piece.text.length * piece.size;
}

function needsSpace(left: Piece, right: Piece): boolean {
  if (/\s$/.test(left.text) || /^\s/.test(right.text)) return false;
  const gap = Math.max(right.x - (left.x + left.width), left.x - (right.x + right.width));
  return gap > gapOfWords * Math.max(left.size, right.size) || (left.spaceAfter && gap > 0);
}

function toLine(cells: readonly Cell[], page: number, group: number): PageLine {
  const longest = cells.reduce((left, right) => (right.text.length > left.text.length ? right : left));
  return {
    ...enclose(cells),
    page,
    group,
    cells: [...cells],
    text: cells.map((cell) => cell.text).join(' '),
    baseline: longest.baseline,
    size: longest.size,
    bold: cells.every((cell) => cell.bold),
  };
}
