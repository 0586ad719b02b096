/** Changes to members: their role, and whether they may use the product at all. */
import { z } from 'zod';
import { roles, type MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { endAccess } from './end-access.ts';
import { findMember } from './read.ts';
import type { MemberRow } from './types.ts';

const state = z.object({ role: z.enum(roles), disabled: z.boolean() });

/** `expected` is what the page showed; when it no longer holds, somebody else was faster and nothing is changed. */
export const memberChange = state
  .partial()
  .extend({ expected: state.optional() })
  .refine(({ role, disabled }) => role !== undefined || disabled !== undefined, 'Say which role, or whether the member is disabled.');
export type MemberChange = z.infer<typeof memberChange>;

/**
 * Changes a member and records it. Disabling ends all that the member has going in the same moment.
 * Throws Problem 'not-found', 'edit-conflict', or 'invalid-input' when no admin would be left.
 */
export async function changeMember(actor: MemberActor, id: string, change: MemberChange): Promise<MemberRow> {
  return transaction(actor, async (tx) => {
    const before = await lockMember(tx, id);
    const { expected } = change;
    if (expected !== undefined && (expected.role !== before.role || expected.disabled !== before.disabled)) throw new Problem('edit-conflict');
    const after = { role: change.role ?? before.role, disabled: change.disabled ?? before.disabled };
    if (after.role === before.role && after.disabled === before.disabled) return present(tx, id);
    await keepOneAdmin(tx, id, after.role === 'admin' && !after.disabled);
    const updated = await tx
      .updateTable('members')
      .set({ role: after.role, ...(after.disabled === before.disabled ? {} : { disabled_at: after.disabled ? new Date() : null }) })
      .where('id', '=', id)
      .executeTakeFirst();
    // Row-level security hides the row from someone who stopped being an admin while waiting for the lock.
    if (updated.numUpdatedRows === 0n) throw new Problem('not-permitted');
    const ended = after.disabled ? await endAccess(tx, id) : null;
    const row = await present(tx, id);
    await appendRecord(tx, actor, { event: 'member.changed', subject: { kind: 'member', id }, details: { before, after, sessionsEnded: ended?.sessions ?? 0, ...(ended === null ? {} : { keysEnded: ended.keys, jobsEnded: ended.jobs }) } });
    return row;
  });
}

async function lockMember(tx: Tx, id: string): Promise<z.infer<typeof state>> {
  // All admins first, in one order: two admins who demote each other wait for each other here instead of both succeeding.
  await tx.selectFrom('members').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute();
  const row = await tx.selectFrom('members').select(['role', 'disabled_at']).where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) throw new Problem('not-found');
  return { role: row.role, disabled: row.disabled_at !== null };
}

async function keepOneAdmin(tx: Tx, id: string, staysAdmin: boolean): Promise<void> {
  if (staysAdmin) return;
  const other = await tx.selectFrom('members').select('id').where('role', '=', 'admin').where('disabled_at', 'is', null).where('id', '<>', id).limit(1).executeTakeFirst();
  if (other === undefined) throw new Problem('invalid-input', { detail: 'This is the last admin. Make somebody else an admin first.' });
}

async function present(tx: Tx, id: string): Promise<MemberRow> {
  const row = await findMember(tx, id);
  if (row === undefined) throw new Problem('not-found');
  return row;
}
