/** Where a list goes on: the sort values of its last row, opaque to whoever passes them back. */
import { z } from 'zod';

const valuesSchema = z.array(z.string().max(1000)).min(1).max(4);

/** A cursor after a row with those sort values. */
export function writeCursor(...values: string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The sort values of a cursor; null for none or one that nobody was given, which starts the list from its beginning. */
export function readCursor(cursor: string | undefined, length: number): string[] | null {
  if (cursor === undefined) return null;
  try {
    const values = valuesSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return values.length === length ? values : null;
  } catch {
    return null;
  }
}
