/**
 * Makes text what it looks like: one way to write each character (NFC), no characters that print nothing, plain
 * white space. The boxes of a PDF's lines move along with the text. Reads nothing and knows no format.
 */
import type { Block, ParsedDocument, ParseWarning } from '#lib/documents/types.ts';

/** Fewer invisible characters than this are what editors leave behind; more are worth a warning. */
const invisibleMax = 20;

/** Control characters, marks of direction and width, tags and fillers. They can hide words from people and not from a model. */
const invisible =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;
const everyInvisible = new RegExp(invisible, 'gu');
/** Joiners are letters' business in Arabic, Indian scripts and emoji, and noise elsewhere. */
const joiner = /[\u200c\u200d]/;
const joinable = /[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const whiteSpace = /^[\s\u0085]+$/;
const lineBreak = /\r\n|[\n\r\u0085\u2028\u2029]/;
const everyLineBreak = new RegExp(lineBreak, 'g');
/** White space other than a space, a tab or a line feed; and any that is not one space or line feed between words. */
const oddSpace = /[^\S \t\n]|\u0085/;
const looseSpace = /[^\S \n]|\u0085|\s\s|^\s/;
const token = /[\s\u0085]+|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|\P{M}\p{M}*|\p{M}+/gu;

/** The document with clean text. Blocks with nothing left are dropped; the title is cleaned too. */
export function clean(document: ParsedDocument): ParsedDocument {
  let removed = 0;
  const blocks: Block[] = [];
  for (const block of document.blocks) {
    const cleaned = cleanBlock(block);
    removed += cleaned.removed;
    if (cleaned.block.text !== '') blocks.push(cleaned.block);
  }
  const title = document.title === undefined ? '' : cleanText(document.title, false).text;
  const warnings: ParseWarning[] = removed > invisibleMax ? [...document.warnings, warnOf(removed)] : document.warnings;
  const { title: _title, ...rest } = document;
  return { ...rest, ...(title === '' ? {} : { title }), blocks, warnings };
}

function warnOf(removed: number): ParseWarning {
  return { message: `${removed.toLocaleString('en')} invisible characters were removed. They can hide text from people who read the file.` };
}

function cleanBlock(block: Block): { block: Block; removed: number } {
  // In code and tables white space is part of the layout.
  const { text, removed, at } = cleanText(block.text, block.kind === 'code' || block.kind === 'table');
  if (text === block.text) return { block, removed };
  const lines = block.lines?.map((line) => ({ ...line, start: at(line.start), end: at(line.end) })).filter((line) => line.end > line.start);
  return { block: { ...block, text, ...(lines ? { lines } : {}) }, removed };
}

export interface CleanText {
  text: string;
  /** How many invisible characters were taken out. */
  removed: number;
  /** Where an offset of the original text is now. */
  at(offset: number): number;
}

/** Cleans one text. `keepSpaces` leaves runs of spaces and indentation as they are. */
export function cleanText(original: string, keepSpaces: boolean): CleanText {
  const visible = rewrite(original.toWellFormed(), (all) => invisible.test(all) || joiner.test(all), stripInvisible);
  const spaced = keepSpaces ? rewrite(visible.text, (all) => oddSpace.test(all), plainSpaces) : rewrite(visible.text, (all) => looseSpace.test(all), collapseSpaces);
  const composed = rewrite(spaced.text, (all) => all !== all.normalize('NFC'), (piece) => piece.normalize('NFC'));
  const trimmedStart = keepSpaces ? 0 : composed.text.length - composed.text.trimStart().length;
  const text = keepSpaces ? composed.text.replace(/^\n+|\s+$/g, '') : composed.text.trim();
  const cut = keepSpaces ? /^\n*/.exec(composed.text)?.[0].length ?? 0 : trimmedStart;
  const at = (offset: number): number => Math.max(0, Math.min(text.length, composed.at(spaced.at(visible.at(offset))) - cut));
  return { text, removed: visible.dropped, at };
}

interface Rewritten {
  text: string;
  dropped: number;
  at(offset: number): number;
}

/** What a piece becomes, given what stands before it in the result and after it in the original. */
type Rewrite = (piece: string, before: string, after: string) => string;

/**
 * Rewrites a text piece by piece (a character with its accents) and remembers where each piece went. A text that
 * `suspect` finds nothing in stays as it is. Both time and memory grow with the text and no faster: one paragraph may
 * have ten million characters.
 */
function rewrite(original: string, suspect: (text: string) => boolean, change: Rewrite): Rewritten {
  if (!suspect(original)) return { text: original, dropped: 0, at: (offset) => offset };
  const parts: string[] = [];
  const moves: Moves = { starts: [], moved: [], isRun: [] };
  let length = 0;
  let dropped = 0;
  let before = '';
  let runStart = -1;
  const endRun = (end: number): void => {
    if (runStart >= 0) parts.push(original.slice(runStart, end));
    runStart = -1;
  };
  for (const { 0: piece, index } of original.matchAll(token)) {
    const end = index + piece.length;
    const changed = change(piece, before, original.slice(end, end + 2));
    const isSame = piece.length === 1 && changed === piece;
    if (!isSame || runStart < 0) {
      endRun(index);
      moves.starts.push(index);
      moves.moved.push(length);
      moves.isRun.push(isSame);
      if (isSame) runStart = index;
      else parts.push(changed);
    }
    if (changed.length < piece.length) dropped += [...piece].length - [...changed].length;
    length += changed.length;
    // Kept beside the text: looking at the end of a text that grows would copy all of it each time.
    before = (before + changed).slice(-2);
  }
  endRun(original.length);
  const text = parts.join('');
  return { text, dropped, at: text === original ? (offset) => offset : (offset) => movedTo(moves, offset, length) };
}

/** Where stretches of a text went: single characters that stayed the same, in a row (`isRun`), or one rewritten piece. */
interface Moves {
  starts: number[];
  moved: number[];
  isRun: boolean[];
}

/** Where an offset is now. Inside a rewritten piece it is where the next one begins. */
function movedTo({ starts, moved, isRun }: Moves, offset: number, length: number): number {
  const found = firstAtLeast(starts, offset + 1) - 1;
  const start = starts[found] ?? 0;
  if (isRun[found]) return Math.min(length, (moved[found] ?? 0) + offset - start);
  return (offset === start ? moved[found] : moved[found + 1]) ?? length;
}

function stripInvisible(piece: string, before: string, after: string): string {
  if (piece.length === 1 && joiner.test(piece)) return joinable.test(before) && joinable.test(after) ? piece : '';
  // A mark can follow an invisible character; only that character goes.
  return piece.replace(everyInvisible, '');
}

function plainSpaces(piece: string): string {
  return whiteSpace.test(piece) ? piece.replace(everyLineBreak, '\n').replace(/[^\S\n\t]/g, ' ') : piece;
}

function collapseSpaces(piece: string, before: string): string {
  if (!whiteSpace.test(piece)) return piece;
  return lineBreak.test(piece) ? '\n' : before === '' ? '' : ' ';
}

/** Index of the first number that is at least `value`; the list is sorted. */
function firstAtLeast(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
