/** Tells people what the signer found: one row that pages read, and a record whenever it changes. */
import { sql } from 'kysely';
import { ingestActor } from '../actor.ts';
import { lock } from '../db/lock.ts';
import { transaction } from '../db/transaction.ts';
import { appendRecord } from './append.ts';
import { signingLock } from './sign.ts';
import { ownProblems, type SigningProblem } from './signing-problem.ts';

/** Another process that signs says so at least this often. */
const signerSilentSeconds = 150;

/**
 * Writes down that signing goes on (`null`) or why it does not. What may be wrong with this process alone, such as a key
 * file that only another machine has, is written where no other process has signed lately. True when it was written.
 */
export async function reportSigning(problem: SigningProblem | null): Promise<boolean> {
  return transaction(ingestActor, async (tx) => {
    await lock(tx, signingLock);
    const before = await tx.selectFrom('audit_signing')
      .select(['problem', sql<boolean>`coalesce(checked_at > clock_timestamp() - make_interval(secs => ${signerSilentSeconds}), false)`.as('isRecent')])
      .executeTakeFirstOrThrow();
    if (problem !== null && ownProblems.includes(problem.code) && before.problem === null && before.isRecent) return false;
    await tx.updateTable('audit_signing').set({ checked_at: sql<Date>`clock_timestamp()`, problem: problem?.code ?? null, sentence: problem?.message ?? null }).execute();
    if (isKnown(before.problem, problem?.code ?? null)) return true;
    await appendRecord(tx, ingestActor, problem === null
      ? { event: 'signing.resumed', subject: { kind: 'setting', id: 'audit' }, details: { after: before.problem } }
      : { event: 'signing.stopped', outcome: 'failed', subject: { kind: 'setting', id: 'audit' }, details: { problem: problem.code, sentence: problem.message } });
    return true;
  });
}

/** An older database becomes another one while records are added to it: that is still the same that was recorded. */
function isKnown(before: string | null, now: string | null): boolean {
  return before === now || (before === 'database-older' && now === 'database-other');
}
