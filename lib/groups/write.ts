/** Changes to groups and to who is in them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { changeOrPropose, isProposed } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import { appendRecord, type NewRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { GroupRow } from '../members/types.ts';
import { findGroup } from './read.ts';

export const groupInput = z.object({
  name: z.string().trim().min(1, 'Give the group a name').max(100, 'A name has at most 100 characters').regex(/^\P{C}*$/u, 'The name holds characters that are not text'),
});

/** Adds an empty group. Throws Problem 'already-exists'. */
export async function addGroup(actor: MemberActor, { name }: z.infer<typeof groupInput>): Promise<GroupRow> {
  try {
    return await transaction(actor, async (tx) => {
      const id = randomUUID();
      await tx.insertInto('groups').values({ id, name }).execute();
      const group = await needGroup(tx, id);
      await appendRecord(tx, actor, { event: 'group.added', subject: { kind: 'group', id, name } });
      return group;
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Problem('already-exists', { detail: `There is a group called ${name} already.`, cause: error });
    throw error;
  }
}

/** Removes a group with its memberships and every right it was granted; each right that goes is recorded. Throws Problem 'not-found' or 'invalid-input'. */
export async function removeGroup(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const group = await needChangeable(tx, id);
    if (group.sensitive) throw new Problem('invalid-input', { detail: `${group.name} is marked as sensitive. Take the mark away first; where something is confined to it, a second admin has to agree.` });
    const grants = await tx.selectFrom('grants').select(['id', 'collection_id', 'document_id', 'permission']).where('group_id', '=', id).forUpdate().execute();
    await tx.deleteFrom('groups').where('id', '=', id).execute();
    const subject = { kind: 'group', id, name: group.name } as const;
    const records: NewRecord[] = grants.map((grant) => ({
      event: 'grant.removed',
      subject: { kind: 'grant', id: grant.id },
      collectionId: grant.collection_id,
      ...(grant.document_id === null ? {} : { documentId: grant.document_id }),
      details: { group: id, permission: grant.permission, because: 'the group was removed' },
    }));
    for (const record of records) await appendRecord(tx, actor, record);
    await appendRecord(tx, actor, { event: 'group.removed', subject, details: { members: group.members, grants: grants.length } });
  });
}

/**
 * Puts a member into a group by hand; the provider's groups claim no longer takes them out. Doing it twice changes
 * nothing. Where that makes them one of a sensitive group it is proposed instead.
 */
export async function addToGroup(actor: MemberActor, groupId: string, memberId: string): Promise<Proposed | undefined> {
  return transaction(actor, async (tx) => {
    const { group, origin } = await findMembership(tx, groupId, memberId);
    if (origin === 'hand') return undefined;
    if (origin !== undefined) await tx.updateTable('memberships').set({ origin: 'hand' }).where('group_id', '=', groupId).where('member_id', '=', memberId).execute();
    else {
      const attempt = () => tx.insertInto('memberships').values({ member_id: memberId, group_id: groupId }).onConflict((conflict) => conflict.doNothing()).execute();
      const outcome = await changeOrPropose(tx, actor, { change: { kind: 'add-member', groupId, memberId }, attempt });
      if (isProposed(outcome)) return outcome;
    }
    await appendRecord(tx, actor, { event: 'membership.added', subject: { kind: 'group', id: groupId, name: group.name }, details: { member: memberId, origin: 'hand' } });
    return undefined;
  });
}

/** Takes a member out of a group. One whom the provider's claim names is back at the next sign-in. Doing it twice changes nothing. */
export async function removeFromGroup(actor: MemberActor, groupId: string, memberId: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const { group, origin } = await findMembership(tx, groupId, memberId);
    if (origin === undefined) return;
    await tx.deleteFrom('memberships').where('group_id', '=', groupId).where('member_id', '=', memberId).execute();
    await appendRecord(tx, actor, { event: 'membership.removed', subject: { kind: 'group', id: groupId, name: group.name }, details: { member: memberId, origin } });
  });
}

async function findMembership(tx: Tx, groupId: string, memberId: string): Promise<{ group: GroupRow; origin: 'hand' | 'claim' | 'scim' | undefined }> {
  const group = await needChangeable(tx, groupId);
  const member = await tx.selectFrom('members').select('id').where('id', '=', memberId).executeTakeFirst();
  if (member === undefined) throw new Problem('not-found', { detail: 'This member does not exist.' });
  const membership = await tx.selectFrom('memberships').select('origin').where('group_id', '=', groupId).where('member_id', '=', memberId).executeTakeFirst();
  return { group, origin: membership?.origin };
}

/** Locks the group, so that it cannot go while its members or grants are being changed. */
async function needChangeable(tx: Tx, id: string): Promise<GroupRow> {
  await tx.selectFrom('groups').select('id').where('id', '=', id).forUpdate().execute();
  const group = await needGroup(tx, id);
  if (group.everyone) throw new Problem('invalid-input', { detail: `Everybody is in ${group.name}; it cannot be changed or removed.` });
  return group;
}

async function needGroup(tx: Tx, id: string): Promise<GroupRow> {
  const group = await findGroup(tx, id);
  if (group === undefined) throw new Problem('not-found');
  return group;
}
