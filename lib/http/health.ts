/** Whether this process can serve: its database answers. For supervisors and load balancers; it says nothing else. */
import { sql } from 'kysely';
import { signInActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';

/** Anybody may ask, so an answer is told again for this long. */
const keptMs = 1000;

let last: { atMs: number; answer: Promise<void> } | undefined;

/** Resolves when the database answers. Throws Problem 'database-unavailable'. */
export function checkHealth(): Promise<void> {
  const now = performance.now();
  if (last === undefined || now - last.atMs > keptMs) {
    const answer = transaction(signInActor, async (tx) => void (await sql`select 1`.execute(tx)));
    answer.catch(() => undefined);
    last = { atMs: now, answer };
  }
  return last.answer;
}
