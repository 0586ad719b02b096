/**
 * Cuts a passage into what can be quoted: sentences, list items, and table rows with the names of their columns. Lines
 * that only announce what follows are told apart. Pure.
 */
import { fold } from '../search/terms.ts';
import { splitSentences } from './sentences.ts';

export interface Piece {
  text: string;
  /** `pointer`: a heading, a question (also a told one), or a line that ends in a colon. */
  kind: 'sentence' | 'item' | 'row' | 'pointer';
}

/** Longer lines without a full stop are text whose full stop was lost. */
const headingCharactersMax = 90;
const item = /^\s*(?:[-*•–]|\d{1,2}[.)]|[a-z]\))\s+\S/;
// "Several colleagues have asked whether ..."
const toldQuestion = /\b(?:ask\w*|wonder\w*|question\w*|frag\w*|gefragt)\b.{0,40}\b(?:whether|if|how|when|why|ob|wie|wann|warum)\b/i;
const cellMark = ' | ';

/** The pieces of a passage in order. `headings` are the title and headings it stands under. */
export function piecesOf(text: string, headings: readonly string[]): Piece[] {
  const known = new Set(headings.map((heading) => fold(heading).trim()));
  const pieces: Piece[] = [];
  let header: string[] | undefined;
  for (const line of joinWrapped(text)) {
    if (line.includes(cellMark)) {
      const cells = line.split(cellMark).map((cell) => cell.trim());
      if (header === undefined) header = cells;
      else pieces.push({ kind: 'row', text: describeRow(header, cells) });
      continue;
    }
    header = undefined;
    addLine(line, known, pieces);
  }
  return pieces;
}

function addLine(line: string, known: ReadonlySet<string>, pieces: Piece[]): void {
  const whole = line.trim();
  if (whole === '') return;
  if (known.has(fold(whole)) || isHeading(whole)) {
    pieces.push({ kind: 'pointer', text: whole });
    return;
  }
  if (item.test(whole)) {
    pieces.push({ kind: 'item', text: whole });
    return;
  }
  for (const { start, end } of splitSentences(line)) {
    const text = line.slice(start, end);
    pieces.push({ kind: /[?:]$/.test(text) || toldQuestion.test(text) ? 'pointer' : 'sentence', text });
  }
}

function isHeading(line: string): boolean {
  return line.length <= headingCharactersMax && !item.test(line) && !/[.!?;:,"”)]$/.test(line) && (/^\d+(?:\.\d+)*\s/.test(line) || line.split(/\s+/).length <= 8);
}

/** Lines that a text file broke in the middle of a sentence are put together again. */
function joinWrapped(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const before = lines.at(-1);
    const goesOn = before !== undefined && before.length > 50 && !before.includes(cellMark) && !line.includes(cellMark) && !item.test(line) && !/[.!?:]["”)]?$/.test(before.trim());
    if (goesOn && /^\s*[\p{Ll}\d(]/u.test(line)) lines[lines.length - 1] = `${before.trimEnd()} ${line.trimStart()}`;
    else if (goesOn && before.length > 65 && line.trim() !== '') lines[lines.length - 1] = `${before.trimEnd()} ${line.trimStart()}`;
    else lines.push(line);
  }
  return lines;
}

function describeRow(header: readonly string[], cells: readonly string[]): string {
  return cells.flatMap((cell, index) => {
    const name = header[index] ?? '';
    if (cell === '') return [];
    return [name === '' || name === cell ? cell : `${name}: ${cell}`];
  }).join('; ');
}
