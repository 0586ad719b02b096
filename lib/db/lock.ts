/** Keeps transactions apart that must not run at the same time although no row of theirs is the same. */
import { sql } from 'kysely';
import type { Tx } from './transaction.ts';

/** Lets one transaction at a time pass for that name, until it ends. Transaction-level, so it is safe on the embedded database. */
export async function lock(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}
