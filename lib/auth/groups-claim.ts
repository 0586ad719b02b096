/**
 * Memberships that follow the provider's groups claim. At each sign-in a member is in exactly those groups of ours
 * that the claim names, apart from memberships made by hand, which it never touches. A missing claim names none.
 * Groups are never made from a claim: a name that nobody has granted anything to gives no right.
 */
import type { NewRecord } from '../audit/append.ts';
import type { Tx } from '../db/transaction.ts';

/** Adds and removes memberships; returns a record for each, to be appended when the caller has made all its changes. */
export async function followGroupsClaim(tx: Tx, memberId: string, names: readonly string[]): Promise<NewRecord[]> {
  const named = names.length === 0 ? [] : await tx.selectFrom('groups').select(['id', 'name']).where('name', 'in', [...names]).where('everyone', '=', false).execute();
  const present = await tx
    .selectFrom('memberships')
    .innerJoin('groups', 'groups.id', 'memberships.group_id')
    .select(['groups.id', 'groups.name', 'memberships.origin'])
    .where('memberships.member_id', '=', memberId)
    .execute();
  const added = named.filter((one) => !present.some((other) => other.id === one.id));
  const removed = present.filter((one) => one.origin === 'claim' && !named.some((other) => other.id === one.id));
  if (added.length > 0) {
    await tx.insertInto('memberships').values(added.map((group) => ({ member_id: memberId, group_id: group.id, origin: 'claim' as const }))).execute();
  }
  if (removed.length > 0) {
    await tx.deleteFrom('memberships').where('member_id', '=', memberId).where('group_id', 'in', removed.map((group) => group.id)).execute();
  }
  return [...added.map((group) => record('membership.added', memberId, group)), ...removed.map((group) => record('membership.removed', memberId, group))];
}

function record(event: 'membership.added' | 'membership.removed', memberId: string, group: { id: string; name: string }): NewRecord {
  return { event, memberId, subject: { kind: 'group', id: group.id, name: group.name }, details: { member: memberId, origin: 'claim' } };
}
