/**
 * From a place to what stands there: the exact text of a span of blocks, and the boxes over it on a PDF page.
 * Splitting, evidence and highlighting all use these two functions, so they cannot disagree.
 */
import type { Block, Box, Line, Place, Point } from './types.ts';

/** A header row longer than this, in characters, is not repeated. */
export const repeatedHeaderMax = 300;

type Span = Pick<Place, 'from' | 'to'>;

/**
 * The text of a span: its part of each block, joined by line breaks. A span that begins below a table's header row
 * has that row put before it, because figures without their columns' names say nothing.
 */
export function textOf(blocks: readonly Block[], span: Span): string {
  const parts = partsOf(blocks, span).map(({ block, start, end }) => block.text.slice(start, end));
  const header = repeatedHeader(blocks[span.from.block], span.from.offset);
  return (header === undefined ? parts : [header, ...parts]).join('\n');
}

/** The header row that is put before a span starting at that offset of the block, if any. */
export function repeatedHeader(block: Block | undefined, offset: number): string | undefined {
  if (block?.kind !== 'table') return undefined;
  const end = block.text.indexOf('\n');
  return end > 0 && end <= repeatedHeaderMax && offset > end ? block.text.slice(0, end) : undefined;
}

/** The boxes over a span's words, one for each line or table row; none for formats without pages. */
export function boxesOf(blocks: readonly Block[], span: Span): Box[] {
  return partsOf(blocks, span).flatMap(({ block, start, end }) => {
    const boxes = (block.lines ?? []).filter((line) => line.start < end && line.end > start).map((line) => clip(line, start, end));
    return joinRows(boxes);
  });
}

/** The page on which a point stands. */
export function pageAt(blocks: readonly Block[], point: Point): number | undefined {
  const block = blocks[point.block];
  return block?.lines?.find((line) => line.end > point.offset)?.page ?? block?.page;
}

function partsOf(blocks: readonly Block[], { from, to }: Span): { block: Block; start: number; end: number }[] {
  return blocks.slice(from.block, to.block + 1).map((block, index) => ({
    block,
    start: index === 0 ? from.offset : 0,
    end: from.block + index === to.block ? to.offset : block.text.length,
  }));
}

/** The part of a line's box over [start, end). Characters are taken as equally wide, which is near enough to mark them. */
function clip(line: Line, start: number, end: number): Box {
  const length = Math.max(1, line.end - line.start);
  const left = Math.max(0, start - line.start) / length;
  const right = Math.max(0, line.end - end) / length;
  return { page: line.page, x: round(line.x + line.width * left), y: line.y, width: round(line.width * Math.max(0, 1 - left - right)), height: line.height };
}

/** Cells of one table row become one box; so do pieces of one line. */
function joinRows(boxes: readonly Box[]): Box[] {
  const joined: Box[] = [];
  for (const box of boxes) {
    const last = joined.at(-1);
    if (last && last.page === box.page && overlap(last, box) > 0.6 * Math.min(last.height, box.height)) joined[joined.length - 1] = union(last, box);
    else joined.push(box);
  }
  return joined;
}

function overlap(left: Box, right: Box): number {
  return Math.min(left.y + left.height, right.y + right.height) - Math.max(left.y, right.y);
}

function union(left: Box, right: Box): Box {
  const x = Math.min(left.x, right.x);
  const y = Math.min(left.y, right.y);
  return {
    page: left.page,
    x,
    y,
    width: round(Math.max(left.x + left.width, right.x + right.width) - x),
    height: round(Math.max(left.y + left.height, right.y + right.height) - y),
  };
}

/** Hundredths of a point, as the reader gives them. */
function round(points: number): number {
  return Math.round(points * 100) / 100;
}
