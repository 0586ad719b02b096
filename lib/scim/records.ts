/** What a directory does, in the audit log: as the product's own act, with the client that asked for it. */
import { scimActor } from '../actor.ts';
import { appendRecord, type NewRecord } from '../audit/append.ts';
import type { Tx } from '../db/transaction.ts';
import type { ScimClient } from './types.ts';

/** Who asked, for a record's details. */
export function byClient({ id, name }: ScimClient): { client: { id: string; name: string } } {
  return { client: { id, name } };
}

/** Appends records; the last thing a transaction does, because it takes the log's lock. */
export async function appendAll(tx: Tx, records: readonly NewRecord[]): Promise<void> {
  for (const record of records) await appendRecord(tx, scimActor, record);
}
