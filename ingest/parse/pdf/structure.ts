/**
 * From the lines of all pages to blocks: headings, paragraphs, list items and tables, each with the boxes of its lines.
 */
import type { Block } from '#lib/documents/types.ts';
import { continueDraft, draftTable, findHyphenatedWords, finishDraft, startDraft, type Draft, type HyphenatedWords } from './draft.ts';
import type { Page, PageLine } from './model.ts';
import { splitTables } from './tables.ts';
import { readTypography, type Typography } from './typography.ts';

const bullet = /^(?:[•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖\u2043\u2219\uf0b7\uf0a7\uf0d8\uf076*–—-]\s*|o\s+(?=\p{Lu}))/u;
const number = /^(?:\(?\d{1,3}[.)]|\(?\p{L}[.)]|\(?[ivx]{1,4}[.)])\s+\S/u;
/** An ordinary line that ends like this ends its sentence. */
const sentenceEnd = /[.!?:;]["'”’)\]]*$/;

interface Reading {
  typography: Typography;
  hyphenated: HyphenatedWords;
  /** Where the lines of each column end on the right, by page and group. */
  rightEdges: ReadonlyMap<string, number>;
}

/** The blocks of a document, in reading order. */
export function buildBlocks(pages: readonly Page[]): Block[] {
  const lines = pages.flatMap((page) => page.lines);
  const reading: Reading = {
    typography: readTypography(lines),
    hyphenated: findHyphenatedWords(lines),
    rightEdges: findRightEdges(lines),
  };
  const drafts: Draft[] = [];
  for (const stretch of pages.flatMap((page) => splitTables(page.lines))) {
    if (stretch.kind === 'line') addLine(drafts, stretch.line, reading);
    else drafts.push(draftTable(stretch.rows, stretch.last));
  }
  return drafts.map(finishDraft).filter((block) => block.text.trim() !== '');
}

function addLine(drafts: Draft[], line: PageLine, reading: Reading): void {
  const previous = drafts.at(-1);
  const level = reading.typography.headingLevel(line);
  if (level !== undefined && !isListItem(line)) {
    if (previous && previous.level === level && isHeadingContinued(previous, line)) return continueDraft(previous, line, reading.hyphenated);
    return void drafts.push({ ...startDraft('heading', line, line.text), level });
  }
  if (isListItem(line)) return void drafts.push(startDraft('list-item', line, line.text.replace(bullet, '')));
  if (previous && continues(previous, line, reading)) return continueDraft(previous, line, reading.hyphenated);
  drafts.push(startDraft('paragraph', line, line.text));
}

function isListItem(line: PageLine): boolean {
  return (bullet.test(line.text) && line.text.length > 2) || (number.test(line.text) && !line.bold);
}

function isHeadingContinued(previous: Draft, line: PageLine): boolean {
  const isNear = previous.last.page === line.page && previous.last.group === line.group && gapOf(previous.last, line) <= 1.6;
  return isNear && previous.lines.length < 4 && !/^(?:\d+[.)]|[A-Z][.)]|part\b|item\b|chapter\b|section\b)/i.test(line.text);
}

/** Whether a line carries on the paragraph or list item before it. */
function continues(previous: Draft, line: PageLine, reading: Reading): boolean {
  if (previous.kind !== 'paragraph' && previous.kind !== 'list-item') return false;
  const { last } = previous;
  const sameSize = Math.abs(last.size - line.size) <= 0.1 * Math.max(last.size, line.size);
  if (last.page !== line.page || last.group !== line.group) {
    return sameSize && !sentenceEnd.test(previous.text) && /^\p{Ll}/u.test(line.text);
  }
  if (!sameSize || gapOf(last, line) > reading.typography.leading * 1.25 + 0.05 || gapOf(last, line) < 0.2) return false;
  if (last.bold && !line.bold && previous.lines.length === 1 && last.text.length < 60) return false;
  return !endsEarly(last, line, reading);
}

/** True when the next line's first word would still have fitted: then the line was ended on purpose. */
function endsEarly(last: PageLine, line: PageLine, reading: Reading): boolean {
  const edge = reading.rightEdges.get(keyOf(last)) ?? 0;
  const firstWord = /^\S+/.exec(line.text)?.[0].length ?? 0;
  const wordWidth = (line.width / Math.max(1, line.text.length)) * (firstWord + 2);
  const fits = last.x + last.width + wordWidth < edge;
  // A figure can have been kept together with its unit, so it alone proves nothing.
  return fits && (sentenceEnd.test(last.text) || /^[^\p{Ll}\p{N}]/u.test(line.text));
}

/** Distance of two baselines as a multiple of the font size. */
function gapOf(above: PageLine, below: PageLine): number {
  return (below.baseline - above.baseline) / Math.max(above.size, below.size);
}

function findRightEdges(lines: readonly PageLine[]): Map<string, number> {
  const edges = new Map<string, number[]>();
  for (const line of lines) {
    if (line.cells.length > 1) continue;
    const key = keyOf(line);
    edges.set(key, [...(edges.get(key) ?? []), line.x + line.width]);
  }
  // Nine tenths: one line that runs over must not make all others look short.
  return new Map([...edges].map(([key, rights]) => [key, rights.sort((left, right) => left - right)[Math.floor(rights.length * 0.9)] ?? 0]));
}

function keyOf(line: PageLine): string {
  return `${line.page} ${line.group}`;
}
