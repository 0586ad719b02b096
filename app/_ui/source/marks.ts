/** Which characters of which block a passage covers. Pure. */
import type { Place } from '#lib/documents/types.ts';

export interface Span {
  start: number;
  end: number;
}

/** The part of block number `ordinal` that lies in the passage; null for none. `length`: of the block's text. */
export function spanIn(place: Place, ordinal: number, length: number): Span | null {
  if (ordinal < place.from.block || ordinal > place.to.block) return null;
  const start = ordinal === place.from.block ? Math.min(place.from.offset, length) : 0;
  const end = ordinal === place.to.block ? Math.min(place.to.offset, length) : length;
  return start < end ? { start, end } : null;
}

export interface TableRowText {
  cells: string[];
  marked: boolean;
}

/** A table's rows from its text: one row a line, cells joined by " | ". Every row has as many cells as the widest. */
export function tableRows(text: string, span: Span | null): TableRowText[] {
  let offset = 0;
  const rows = text.split('\n').map((line) => {
    const marked = span !== null && span.start < offset + line.length && span.end > offset;
    offset += line.length + 1;
    return { cells: line.split(' | '), marked };
  });
  const width = Math.max(...rows.map((row) => row.cells.length));
  return rows.map(({ cells, marked }) => ({ cells: [...cells, ...Array<string>(width - cells.length).fill('')], marked }));
}
