/** Marks a group as sensitive, which one admin may do, and takes the mark away, which takes two once something is confined to it. */
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { changeOrPropose, isProposed } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { GroupRow } from '../members/types.ts';
import { findGroup } from './read.ts';

export const groupMark = z.strictObject({ sensitive: z.boolean() });

/** Throws Problem: not-found, not-permitted, invalid-input for the group of everyone, already-exists when unmarking waits for a second admin. */
export async function markGroup(actor: MemberActor, id: string, { sensitive }: z.infer<typeof groupMark>): Promise<GroupRow | Proposed> {
  return transaction(actor, async (tx) => {
    await tx.selectFrom('groups').select('id').where('id', '=', id).forUpdate().execute();
    const before = await findGroup(tx, id);
    if (before === undefined) throw new Problem('not-found');
    if (before.everyone) throw new Problem('invalid-input', { detail: `Everybody is in ${before.name}, so nothing can be kept to it.` });
    if (before.sensitive === sensitive) return before;
    const attempt = () => tx.updateTable('groups').set({ sensitive }).where('id', '=', id).executeTakeFirst();
    const outcome = await changeOrPropose(tx, actor, { change: { kind: 'unmark-group', groupId: id }, attempt });
    if (isProposed(outcome)) return outcome;
    if (outcome.numUpdatedRows === 0n) throw new Problem('not-permitted');
    await appendRecord(tx, actor, { event: 'group.changed', subject: { kind: 'group', id, name: before.name }, details: { before: { sensitive: !sensitive }, after: { sensitive } } });
    return { ...before, sensitive };
  });
}
