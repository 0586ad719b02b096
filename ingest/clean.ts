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
/** Joiners are letters' business in Arabic, Indian scripts and emoji, and noise elsewhere. */
const joiner = /[\u200c\u200d]/;
const joinable = /[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const whiteSpace = /^[\s\u0085]+$/;
const lineBreak = /\r\n|[\n\r\u0085\u2028\u2029]/;
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
  const visible = rewrite(original.toWellFormed(), stripInvisible);
  const spaced = rewrite(visible.text, keepSpaces ? plainSpaces : collapseSpaces);
  const composed = rewrite(spaced.text, (piece) => piece.normalize('NFC'));
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

/** Rewrites a text piece by piece (a character with its accents) and remembers where each piece went. */
function rewrite(original: string, change: Rewrite): Rewritten {
  const starts: number[] = [];
  const moved: number[] = [];
  let text = '';
  let dropped = 0;
  for (const match of original.matchAll(token)) {
    const piece = match[0];
    starts.push(match.index);
    moved.push(text.length);
    const changed = change(piece, text.slice(-2), original.slice(match.index + piece.length, match.index + piece.length + 2));
    if (changed.length < piece.length) dropped += [...piece].length - [...changed].length;
    text += changed;
  }
  if (text === original) return { text, dropped, at: (offset) => offset };
  return { text, dropped, at: (offset) => moved[firstAtLeast(starts, offset)] ?? text.length };
}

function stripInvisible(piece: string, before: string, after: string): string {
  if (piece.length === 1 && joiner.test(piece)) return joinable.test(before) && joinable.test(after) ? piece : '';
  // A mark can follow an invisible character; only that character goes.
  return piece.replace(new RegExp(invisible, 'gu'), '');
}

function plainSpaces(piece: string): string {
  return whiteSpace.test(piece) ? piece.replace(new RegExp(lineBreak, 'g'), '\n').replace(/[^\S\n\t]/g, ' ') : piece;
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
