/**
 * A block while its lines are still being added: text grows together with the boxes over it. Joins words that were
 * hyphenated at a line's end.
 */
import type { Block, Line } from '#lib/documents/types.ts';
import type { PageLine, Rectangle } from './model.ts';
import type { TableRow } from './tables.ts';

export interface Draft {
  kind: Block['kind'];
  level?: number;
  page: number;
  text: string;
  lines: Line[];
  /** The line added last; the next one is compared with it. */
  last: PageLine;
}

/** Words of the document that are written with a hyphen inside a line, such as "well-known", in lower case. */
export type HyphenatedWords = ReadonlySet<string>;

/** Chinese and Japanese put no space where a line ends. */
const endsUnspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]$/u;
const startsUnspaced = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u;

export function findHyphenatedWords(lines: Iterable<PageLine>): HyphenatedWords {
  const words = new Set<string>();
  for (const line of lines) {
    for (const match of line.text.matchAll(/\p{L}+(?:-\p{L}+)+/gu)) words.add(match[0].toLowerCase());
  }
  return words;
}

export function startDraft(kind: Block['kind'], line: PageLine, text: string): Draft {
  const draft: Draft = { kind, page: line.page, text: '', lines: [], last: line };
  addText(draft, text, line);
  return draft;
}

/** Adds a line to a paragraph, list item or heading. */
export function continueDraft(draft: Draft, line: PageLine, hyphenated: HyphenatedWords): void {
  const start = /^\p{Ll}+/u.exec(line.text)?.[0];
  const end = /(\p{L}+)[-\u00ad\u2010]$/u.exec(draft.text)?.[1];
  if (start !== undefined && end !== undefined) {
    // "well-" and "known" keep their hyphen when the document writes "well-known" elsewhere.
    if (!hyphenated.has(`${end}-${start}`.toLowerCase())) dropLastCharacter(draft);
  } else if (!(endsUnspaced.test(draft.text) && startsUnspaced.test(line.text))) {
    draft.text += ' ';
  }
  addText(draft, line.text, line);
  draft.last = line;
}

function dropLastCharacter(draft: Draft): void {
  draft.text = draft.text.slice(0, -1);
  const last = draft.lines.at(-1);
  if (last) last.end = draft.text.length;
}

/** A table as one row a line, each drawn cell with its own box. The header row is repeated by the caller, not here. */
export function draftTable(rows: readonly TableRow[], line: PageLine): Draft {
  const draft: Draft = { kind: 'table', page: line.page, text: '', lines: [], last: line };
  for (const row of rows) {
    if (draft.text !== '') draft.text += '\n';
    addRow(draft, row, line.page);
  }
  return draft;
}

function addRow(draft: Draft, row: TableRow, page: number): void {
  const filled = row.columns.findLastIndex((cells) => cells.length > 0);
  const isSingle = row.columns.filter((cells) => cells.length > 0).length === 1;
  row.columns.slice(0, filled + 1).forEach((cells, index) => {
    // A heading over the whole table needs no empty cells before it.
    if (index > 0 && !isSingle) draft.text += ' | ';
    cells.forEach((cell, position) => {
      if (position > 0) draft.text += ' ';
      addText(draft, cell.text, { ...cell, page });
    });
  });
}

function addText(draft: Draft, text: string, box: Rectangle & { page: number }): void {
  const start = draft.text.length;
  draft.text += text;
  draft.lines.push({ page: box.page, x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height), start, end: draft.text.length });
}

/** Hundredths of a point are finer than any screen. */
function round(points: number): number {
  return Math.round(points * 100) / 100;
}

export function finishDraft(draft: Draft): Block {
  const { kind, level, page, text, lines } = draft;
  return { kind, text, ...(level === undefined ? {} : { level }), page, lines };
}

