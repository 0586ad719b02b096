/**
 * Where every reader puts its blocks: counts them against the limits, drops empty ones and keeps warnings short.
 * Knows nothing of any format.
 */
import { Problem } from '#lib/errors.ts';
import type { Block, ParsedDocument, ParseWarning } from '#lib/documents/types.ts';
import type { Limits } from '#ingest/limits.ts';

/** Reads the bytes of one file. Throws a `Problem` with a file-... code when there is nothing to give. */
export type Reader = (bytes: Uint8Array, limits: Limits) => Promise<ParsedDocument>;

export interface Collector {
  add(block: Block): void;
  /** Adds a table in pieces of at most `tableRowsMax` rows, each beginning with the header row. */
  addTable(rows: readonly (readonly string[])[], place?: Pick<Block, 'page' | 'pageLabel'>): void;
  warn(message: string, page?: number): void;
  finish(about?: { title?: string | undefined; pageCount?: number }): ParsedDocument;
}

export function createCollector(limits: Limits): Collector {
  const blocks: Block[] = [];
  const warnings: ParseWarning[] = [];
  let characters = 0;
  let unlisted = 0;

  function add(block: Block): void {
    if (block.text.trim() === '') return;
    characters += block.text.length;
    if (characters > limits.charactersMax || blocks.length >= limits.blocksMax) {
      throw new Problem('file-too-complex', { detail: `The file holds more text than is read from one file (${limits.charactersMax.toLocaleString('en')} characters). Split it into smaller files.` });
    }
    blocks.push(block);
  }

  function addTable(rows: readonly (readonly string[])[], place: Pick<Block, 'page' | 'pageLabel'> = {}): void {
    const lines = rows.map(formatRow).filter((line) => line !== '');
    const [header, ...body] = lines;
    if (header === undefined) return;
    for (let start = 0; start === 0 || start < body.length; start += limits.tableRowsMax) {
      add({ kind: 'table', text: [header, ...body.slice(start, start + limits.tableRowsMax)].join('\n'), ...place });
    }
  }

  function warn(message: string, page?: number): void {
    if (warnings.length >= limits.warningsMax) unlisted += 1;
    else warnings.push(page === undefined ? { message } : { message, page });
  }

  function finish(about: { title?: string | undefined; pageCount?: number } = {}): ParsedDocument {
    if (blocks.length === 0) throw new Problem('file-no-text', { detail: 'No text was found in the file.' });
    if (unlisted > 0) warnings.push({ message: `${unlisted} more warnings are not listed.` });
    const title = about.title?.replace(/\s+/g, ' ').trim();
    return {
      ...(title ? { title } : {}),
      ...(about.pageCount === undefined ? {} : { pageCount: about.pageCount }),
      blocks,
      warnings,
    };
  }

  return { add, addTable, warn, finish };
}

/** One row of a table as text: cells joined by " | ", empty cells kept between others, none at the end. */
export function formatRow(cells: readonly string[]): string {
  const flat = cells.map((cell) => cell.replace(/\s+/g, ' ').trim());
  while (flat.length > 0 && flat.at(-1) === '') flat.pop();
  return flat.join(' | ');
}
