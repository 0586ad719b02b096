/**
 * Ends everything that a member has going, whichever way they leave: disabled by an admin, by the company's directory or
 * by the identity provider. What is left of it - answers on their way - notices by itself within two seconds
 * (lib/answer/guard.ts), because a member who is disabled reads nothing any more.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../db/transaction.ts';

const endedSchema = z.tuple([z.object({ sessions: z.number(), keys: z.number(), jobs: z.number() })]);

/** How much was ended: for the record of whoever ends it. */
export type EndedAccess = z.infer<typeof endedSchema>[0];

/**
 * Ends sessions, API keys and waiting jobs of the member in the caller's transaction, who also disables the member and
 * writes the record. `tx` acts as an admin, as sign-in or as provisioning; for anybody else the database refuses.
 */
export async function endAccess(tx: Tx, memberId: string): Promise<EndedAccess> {
  const { rows } = await sql`select * from end_access(${memberId})`.execute(tx);
  return endedSchema.parse(rows)[0];
}
