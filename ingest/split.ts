/**
 * Cuts a document's blocks into chunks: passages long enough to answer from and short enough to be found and cited.
 * Each chunk is one span of the blocks, and its text is exactly what `textOf` gives for that span.
 */
import { boxesOf, pageAt, repeatedHeader, textOf } from '#lib/documents/place.ts';
import type { Block, Place } from '#lib/documents/types.ts';

export interface Chunk {
  /** Position in the version, from 0. */
  ordinal: number;
  text: string;
  place: Place;
  /** The headings above the chunk's first words, outermost first; also in `place`. */
  headings: string[];
}

/** Sizes in characters, where a Chinese, Japanese or Korean one counts as three: that is about what it costs a model. */
const chunkSizeMax = 1200;
/** A longer block is cut; the rest up to `chunkSizeMax` is for the headings above it and small blocks after it. */
const pieceSizeMax = 1000;
/** A chunk of this size is not carried over a heading of level 3 or below. */
const chunkSizeEnough = 700;
/** A longer heading is no heading but a paragraph in large type. */
const headingSizeMax = 240;

/** A stretch of one block that is never cut. */
interface Piece {
  block: number;
  start: number;
  end: number;
  size: number;
  /** Set for headings. */
  level?: number;
}

const separators = ['\n\n', '\n', '. ', '! ', '? ', '。', '！', '？', '; ', ', ', '、', '，', ' ', ''];

/** The chunks of a version in reading order. Together they cover all text; none crosses a heading of level 1 or 2. */
export async function split(blocks: readonly Block[]): Promise<Chunk[]> {
  const pieces: Piece[] = [];
  for (const [index, block] of blocks.entries()) pieces.push(...(await cutBlock(block, index)));
  const headings = findHeadings(blocks);
  return gather(pieces, blocks).map((group, ordinal) => toChunk(group, { blocks, headings, ordinal }));
}

/** The size of a text, with dense scripts counted by what they hold. */
export function measure(text: string): number {
  return text.length + 2 * (text.match(/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]/g)?.length ?? 0);
}

async function cutBlock(block: Block, index: number): Promise<Piece[]> {
  const size = measure(block.text);
  if (block.kind === 'heading' && size <= headingSizeMax) return [{ block: index, start: 0, end: block.text.length, size, level: block.level ?? 6 }];
  const spans = block.kind === 'table' ? await cutTable(block.text) : await cutText(block.text, 0);
  return spans.map((span) => ({ ...span, block: index, size: measure(block.text.slice(span.start, span.end)) }));
}

type Span = Pick<Piece, 'start' | 'end'>;

/** One span a row; the header row stays with the first row below it. */
async function cutTable(text: string): Promise<Span[]> {
  const rows: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    rows.push({ start, end });
    start = end + 1;
  }
  const [header, first, ...rest] = rows;
  const joined = header && first && measure(text.slice(0, first.end)) <= pieceSizeMax ? [{ start: 0, end: first.end }, ...rest] : rows;
  const cut: Span[] = [];
  for (const row of joined) cut.push(...(await cutText(text.slice(row.start, row.end), row.start)));
  return cut;
}

/** The spans of a text, each at most `pieceSizeMax`. `base` is where the text begins in its block. */
async function cutText(text: string, base: number): Promise<Span[]> {
  if (measure(text) <= pieceSizeMax) return text.trim() === '' ? [] : [{ start: base, end: base + text.length }];
  // Loaded with the first text that is too long: it costs about 50 MB and a third of a second.
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters');
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: pieceSizeMax, chunkOverlap: 0, separators, lengthFunction: measure });
  const starts: number[] = [];
  let cursor = 0;
  for (const part of await splitter.splitText(text)) {
    const found = text.indexOf(part, cursor);
    // The splitter keeps a separator at the beginning of what follows it; a full stop belongs to what it ends.
    starts.push(wholeCharacter(text, found + (/^[.!?。！？;,、，]+\s*/.exec(part)?.[0].length ?? 0)));
    cursor = found + part.length;
  }
  const spans = starts.map((start, index) => trim(text, { start: index === 0 ? 0 : start, end: starts[index + 1] ?? text.length }));
  return spans.filter((span) => span.end > span.start).map((span) => ({ start: base + span.start, end: base + span.end }));
}

/** Never between the two halves of one character. */
function wholeCharacter(text: string, offset: number): number {
  const isLowHalf = /[\udc00-\udfff]/.test(text.charAt(offset)) && /[\ud800-\udbff]/.test(text.charAt(offset - 1));
  return isLowHalf ? offset - 1 : offset;
}

/** A span without the white space at its ends. */
function trim(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  return { start: start + part.length - part.trimStart().length, end: start + part.trimEnd().length };
}

/** Groups of pieces, each one chunk. Headings go with what follows them. */
function gather(pieces: readonly Piece[], blocks: readonly Block[]): Piece[][] {
  const groups: Piece[][] = [];
  let group: Piece[] = [];
  for (const piece of pieces) {
    if (group.length > 0 && mustEnd(group, piece, blocks)) {
      const end = endOfBody(group);
      groups.push(group.slice(0, end));
      group = group.slice(end);
    }
    group.push(piece);
  }
  // Headings at the very end of a document have nothing to go with and stand for themselves.
  const end = endOfBody(group);
  return [...groups, group.slice(0, end), group.slice(end)].filter((members) => members.length > 0);
}

/** One past the last piece that is no heading; all of a group of headings alone. */
function endOfBody(group: readonly Piece[]): number {
  return group.findLastIndex((member) => member.level === undefined) + 1 || group.length;
}

function mustEnd(group: readonly Piece[], next: Piece, blocks: readonly Block[]): boolean {
  const size = sizeOf(group, blocks);
  const isOver = size + next.size + 1 > chunkSizeMax;
  const hasBody = group.some((piece) => piece.level === undefined);
  // Headings alone wait for their text, unless there is nothing but headings.
  if (!hasBody) return isOver && next.level !== undefined;
  if (next.level !== undefined && (next.level <= 2 || size >= chunkSizeEnough)) return true;
  return isOver;
}

function sizeOf(group: readonly Piece[], blocks: readonly Block[]): number {
  const [first] = group;
  const header = first ? repeatedHeader(blocks[first.block], first.start) : undefined;
  return group.reduce((sum, piece) => sum + piece.size + 1, header === undefined ? 0 : measure(header));
}

interface Source {
  blocks: readonly Block[];
  headings: readonly string[][];
  ordinal: number;
}

function toChunk(group: readonly Piece[], { blocks, headings: headingsOf, ordinal }: Source): Chunk {
  const first = group[0] ?? { block: 0, start: 0, end: 0, size: 0 };
  const last = group.at(-1) ?? first;
  const span = { from: { block: first.block, offset: first.start }, to: { block: last.block, offset: last.end } };
  const headings = headingsOf[(group.find((piece) => piece.level === undefined) ?? last).block] ?? [];
  const boxes = boxesOf(blocks, span);
  const page = pageAt(blocks, span.from);
  const pageLabel = blocks[first.block]?.pageLabel;
  const place: Place = {
    ...span,
    headings,
    ...(page === undefined ? {} : { page }),
    ...(pageLabel === undefined ? {} : { pageLabel }),
    ...(boxes.length === 0 ? {} : { boxes }),
  };
  return { ordinal, text: textOf(blocks, span), place, headings };
}

/** For each block the headings that it stands under, outermost first; a heading stands under itself. */
function findHeadings(blocks: readonly Block[]): string[][] {
  let path: { level: number; text: string }[] = [];
  let texts: string[] = [];
  return blocks.map((block) => {
    if (block.kind === 'heading' && measure(block.text) <= headingSizeMax) {
      const level = block.level ?? 6;
      path = [...path.filter((heading) => heading.level < level), { level, text: block.text }];
      texts = path.map((heading) => heading.text);
    }
    return texts;
  });
}
