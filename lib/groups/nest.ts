/** Groups inside groups: whoever is in the inner one is in the outer one too. */
import type { MemberActor } from '../actor.ts';
import { changeOrPropose, isProposed } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import { appendRecord } from '../audit/append.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { findGroup } from './read.ts';

export interface Nesting {
  inner: string;
  outer: string;
}

/**
 * Puts a group into another, or proposes it where that widens a sensitive group. Doing it twice changes nothing.
 * Throws Problem: not-found, group-cycle, invalid-input for the group of everyone, already-exists.
 */
export async function nestGroup(actor: MemberActor, { inner, outer }: Nesting): Promise<Proposed | undefined> {
  return transaction(actor, async (tx) => {
    const names = await requireBoth(tx, { inner, outer });
    if (await isNested(tx, { inner, outer })) return undefined;
    const change = { kind: 'nest-group', groupId: outer, innerGroupId: inner } as const;
    const outcome = await changeOrPropose(tx, actor, { change, attempt: () => insertNesting(tx, { inner, outer }) });
    if (isProposed(outcome)) return outcome;
    await appendRecord(tx, actor, { event: 'nesting.added', subject: { kind: 'group', id: outer, name: names.outer }, details: { inner, innerName: names.inner } });
    return undefined;
  });
}

/** Takes a group out of another. Doing it twice changes nothing. Throws Problem 'not-found'. */
export async function unnestGroup(actor: MemberActor, { inner, outer }: Nesting): Promise<void> {
  await transaction(actor, async (tx) => {
    const names = await requireBoth(tx, { inner, outer });
    const removed = await tx.deleteFrom('group_nestings').where('inner_group_id', '=', inner).where('outer_group_id', '=', outer).executeTakeFirst();
    if (removed.numDeletedRows === 0n) return;
    await appendRecord(tx, actor, { event: 'nesting.removed', subject: { kind: 'group', id: outer, name: names.outer }, details: { inner, innerName: names.inner } });
  });
}

/** The row alone, without a record, for whoever nests groups in their own name. Throws Problem 'group-cycle' or 'invalid-input'. */
export async function insertNesting(tx: Tx, { inner, outer }: Nesting): Promise<void> {
  try {
    await tx.insertInto('group_nestings').values({ inner_group_id: inner, outer_group_id: outer }).onConflict((conflict) => conflict.doNothing()).execute();
  } catch (error) {
    const state = sqlState(error);
    if (state === 'ATG01') throw new Problem('group-cycle', { detail: 'The one group stands inside the other already, directly or through others. Take it out there first.', cause: error });
    if (state === 'ATG02') throw new Problem('invalid-input', { detail: 'Everybody is in that group already; it holds no other group and stands in none.', cause: error });
    throw error;
  }
}

async function isNested(tx: Tx, { inner, outer }: Nesting): Promise<boolean> {
  const found = await tx.selectFrom('group_nestings').select('created_at').where('inner_group_id', '=', inner).where('outer_group_id', '=', outer).executeTakeFirst();
  return found !== undefined;
}

async function requireBoth(tx: Tx, { inner, outer }: Nesting): Promise<{ inner: string; outer: string }> {
  const [innerGroup, outerGroup] = [await findGroup(tx, inner), await findGroup(tx, outer)];
  if (innerGroup === undefined || outerGroup === undefined) throw new Problem('not-found');
  return { inner: innerGroup.name, outer: outerGroup.name };
}
