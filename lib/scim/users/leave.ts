/** Ends what somebody who leaves has going: sessions, keys and waiting work, in the transaction of the change. */
import { sql } from 'kysely';
import type { Tx } from '../../db/transaction.ts';

export interface Ended {
  sessionsEnded: number;
  keysEnded: number;
  jobsEnded: number;
}

export async function endAccessOf(tx: Tx, memberId: string): Promise<Ended> {
  const { rows: [ended] } = await sql<{ sessions: number; keys: number; jobs: number }>`select sessions, keys, jobs from end_access(${memberId})`.execute(tx);
  return { sessionsEnded: ended?.sessions ?? 0, keysEnded: ended?.keys ?? 0, jobsEnded: ended?.jobs ?? 0 };
}
