/**
 * Changes that take a second admin. Whether one does is the database's to say (the triggers of *_second_person): a change
 * is tried, and where the database refuses it for that reason it is kept as a proposal instead, in the same transaction.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { sqlState, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { Permission, Proposed } from './types.ts';

/** A change that may reach beyond a sensitive group. */
export type Change =
  | { kind: 'add-grant'; collectionId: string; documentId: string | null; to: { kind: 'group' | 'member'; id: string }; permission: Permission; expiresAt: string | null }
  | { kind: 'change-grant'; grantId: string; revision: number; permission: Permission; expiresAt: string | null }
  | { kind: 'open-document'; documentId: string; collectionId: string }
  | { kind: 'nest-group'; groupId: string; innerGroupId: string }
  | { kind: 'add-member'; groupId: string; memberId: string }
  | { kind: 'unmark-group'; groupId: string }
  | { kind: 'release'; confinementId: number; collectionId: string; documentId: string | null };

const needsSecondPerson = 'ATG10';

/** Makes the change by `attempt`, or proposes it. `attempt` does nothing but write, so that nothing of it stays behind. Throws Problem 'already-exists'. */
export async function changeOrPropose<Result>(tx: Tx, actor: MemberActor, { change, attempt }: { change: Change; attempt: () => Promise<Result> }): Promise<Result | Proposed> {
  await sql`savepoint before_change`.execute(tx);
  try {
    const result = await attempt();
    await sql`release savepoint before_change`.execute(tx);
    return result;
  } catch (error) {
    if (sqlState(error) !== needsSecondPerson) throw error;
    await sql`rollback to savepoint before_change`.execute(tx);
    // A record is written by the transaction itself; one within a savepoint is refused (check_audit_seq).
    await sql`release savepoint before_change`.execute(tx);
    return propose(tx, actor, change);
  }
}

/** True for a change that was proposed instead of made. */
export function isProposed(result: unknown): result is Proposed {
  return typeof result === 'object' && result !== null && 'proposal' in result;
}

/** What was made, for callers that know of nothing that is confined. Throws Problem 'edit-conflict' where it was proposed instead. */
export function requireMade<Result>(outcome: Result | Proposed): Result {
  if (isProposed(outcome)) throw new Problem('edit-conflict', { detail: 'This reaches beyond a sensitive group, so it was proposed and waits for a second admin.' });
  return outcome;
}

/** Keeps the change as a proposal. Throws Problem 'already-exists' when the same one waits already. */
export async function propose(tx: Tx, actor: MemberActor, change: Change): Promise<Proposed> {
  const id = randomUUID();
  const columns = columnsOf(change);
  await refuseSecond(tx, change, columns);
  await tx.insertInto('grant_proposals').values({ id, kind: change.kind, proposed_by: actor.id, ...columns }).execute();
  const { ends_at: endsAt } = await tx.selectFrom('grant_proposals').select('ends_at').where('id', '=', id).executeTakeFirstOrThrow();
  await appendRecord(tx, actor, {
    event: 'grant.proposed',
    subject: { kind: 'proposal', id },
    ...('collectionId' in change ? { collectionId: change.collectionId } : {}),
    ...('documentId' in change && change.documentId !== null ? { documentId: change.documentId } : {}),
    details: { change, endsAt: endsAt.toISOString() },
  });
  return { proposal: { id, endsAt: endsAt.toISOString() } };
}

type Columns = Partial<Record<'collection_id' | 'document_id' | 'group_id' | 'member_id' | 'inner_group_id' | 'grant_id' | 'permission' | 'expires_at', string | null>> & {
  permission?: Permission;
  grant_revision?: number;
  confinement_id?: number;
};

function columnsOf(change: Change): Columns {
  switch (change.kind) {
    case 'add-grant':
      return {
        collection_id: change.collectionId, document_id: change.documentId, permission: change.permission, expires_at: change.expiresAt,
        ...(change.to.kind === 'group' ? { group_id: change.to.id } : { member_id: change.to.id }),
      };
    case 'change-grant':
      return { grant_id: change.grantId, grant_revision: change.revision, permission: change.permission, expires_at: change.expiresAt };
    case 'open-document':
      return { document_id: change.documentId };
    case 'nest-group':
      return { group_id: change.groupId, inner_group_id: change.innerGroupId };
    case 'add-member':
      return { group_id: change.groupId, member_id: change.memberId };
    case 'unmark-group':
      return { group_id: change.groupId };
    case 'release':
      return { confinement_id: change.confinementId };
  }
}

/** Two clicks, or two admins with one idea, need one decision. */
async function refuseSecond(tx: Tx, { kind }: Change, { permission: _, expires_at: __, grant_revision: ___, ...about }: Columns): Promise<void> {
  let same = tx.selectFrom('grant_proposals').select('id').where('kind', '=', kind).where('decision', 'is', null).where('ends_at', '>', sql<Date>`now()`);
  for (const name of ['collection_id', 'document_id', 'group_id', 'member_id', 'inner_group_id', 'grant_id', 'confinement_id'] as const) {
    same = same.where(name, 'is not distinct from', about[name] ?? null);
  }
  const found = await same.limit(1).executeTakeFirst();
  if (found !== undefined) {
    throw new Problem('already-exists', { detail: 'This is proposed already and waits for a second admin. Decline that proposal first to propose something else.', data: { proposal: found.id } });
  }
}
