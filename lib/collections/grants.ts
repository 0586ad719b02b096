/**
 * Grants: who may read or edit a collection, or one document of it, and until when. A grant counts from the moment it
 * is committed, for the next request of whoever it names; nothing keeps a copy of it.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor, MemberActor } from '../actor.ts';
import { changeOrPropose, isProposed } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import { appendRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { Grant } from './types.ts';

const permission = z.enum(['read', 'edit']);
const end = z.iso.datetime({ offset: true, error: 'is not a date with time' }).nullable();

export const newGrant = z.strictObject({
  to: z.strictObject({ kind: z.enum(['group', 'member']), id: z.uuid() }),
  permission,
  expiresAt: end.default(null),
  documentId: z.uuid().nullable().default(null),
});
export const grantChange = z.strictObject({ permission, expiresAt: end, revision: z.number().int() });

const time = z.date().transform((value) => value.toISOString());
const grantSchema = z.object({
  id: z.string(),
  collectionId: z.string(),
  documentId: z.string().nullable(),
  to: z.object({ kind: z.enum(['group', 'member']), id: z.string(), name: z.string() }),
  permission,
  expiresAt: time.nullable(),
  createdAt: time,
  createdByName: z.string().nullable(),
  revision: z.number(),
}) satisfies z.ZodType<Grant>;

/** The grants of a collection and its documents that the actor may see: their own, or all for admins and compliance. Throws Problem 'not-found'. */
export async function listGrants(actor: Actor, collectionId: string): Promise<Grant[]> {
  return transaction(actor, async (tx) => {
    await requireCollection(tx, collectionId);
    return selectGrants(tx, sql`g.collection_id = ${collectionId}`);
  });
}

/**
 * Adds the grant, or proposes it where it reaches beyond a sensitive group. Throws Problem: not-found, invalid-input
 * (nobody of that id, a document of another collection, an end that has passed), already-exists.
 */
export async function addGrant(actor: MemberActor, collectionId: string, given: z.infer<typeof newGrant>): Promise<Grant | Proposed> {
  refusePast(given.expiresAt);
  const id = randomUUID();
  return grantedOnce(() => transaction(actor, async (tx) => {
    await requireCollection(tx, collectionId);
    await requireTarget(tx, collectionId, given);
    const target = { collection_id: collectionId, document_id: given.documentId, group_id: given.to.kind === 'group' ? given.to.id : null, member_id: given.to.kind === 'member' ? given.to.id : null };
    await refuseSecondGrant(tx, target);
    const change = { kind: 'add-grant', collectionId, documentId: given.documentId, to: given.to, permission: given.permission, expiresAt: given.expiresAt } as const;
    const attempt = () => tx.insertInto('grants').values({ id, ...target, permission: given.permission, expires_at: given.expiresAt, created_by: actor.id }).execute();
    const outcome = await changeOrPropose(tx, actor, { change, attempt });
    if (isProposed(outcome)) return outcome;
    const grant = await requireGrant(tx, id);
    await record(tx, actor, { event: 'grant.added', before: null, after: grant });
    return grant;
  }));
}

/** Changes the grant, or proposes the change where it reaches beyond a sensitive group. Throws Problem: not-found, invalid-input, edit-conflict when `revision` is not the newest. */
export async function changeGrant(actor: MemberActor, id: string, { revision, permission, expiresAt }: z.infer<typeof grantChange>): Promise<Grant | Proposed> {
  refusePast(expiresAt);
  return transaction(actor, async (tx) => {
    const before = await lockGrant(tx, id, revision);
    const change = { kind: 'change-grant', grantId: id, revision, permission, expiresAt } as const;
    const attempt = () => tx.updateTable('grants').set({ permission, expires_at: expiresAt, revision: revision + 1 }).where('id', '=', id).execute();
    const outcome = await changeOrPropose(tx, actor, { change, attempt });
    if (isProposed(outcome)) return outcome;
    const after = await requireGrant(tx, id);
    await record(tx, actor, { event: 'grant.changed', before, after });
    return after;
  });
}

/** Throws Problem: not-found, edit-conflict when `revision` is not the newest. */
export async function removeGrant(actor: MemberActor, id: string, revision: number): Promise<void> {
  await transaction(actor, async (tx) => {
    const before = await lockGrant(tx, id, revision);
    await tx.deleteFrom('grants').where('id', '=', id).execute();
    await record(tx, actor, { event: 'grant.removed', before, after: null });
  });
}

async function selectGrants(tx: Tx, condition: ReturnType<typeof sql<boolean>>): Promise<Grant[]> {
  const { rows } = await sql`
    select
      g.id, g.collection_id as "collectionId", g.document_id as "documentId", g.permission,
      json_build_object(
        'kind', case when g.group_id is null then 'member' else 'group' end,
        'id', coalesce(g.group_id, g.member_id),
        'name', coalesce(o.name, m.name, '')
      ) as "to",
      g.expires_at as "expiresAt", g.created_at as "createdAt", a.name as "createdByName", g.revision
    from grants g
    left join groups o on o.id = g.group_id
    left join members m on m.id = g.member_id
    left join members a on a.id = g.created_by
    where ${condition}
    order by g.document_id is not null, o.everyone is true desc, g.member_id is not null, coalesce(o.name, m.name), g.id`.execute(tx);
  return z.array(grantSchema).parse(rows);
}

async function requireGrant(tx: Tx, id: string): Promise<Grant> {
  const [grant] = await selectGrants(tx, sql`g.id = ${id}`);
  if (grant === undefined) throw new Problem('not-found');
  return grant;
}

/** The grant as it stands, kept from others until the transaction ends. */
async function lockGrant(tx: Tx, id: string, revision: number): Promise<Grant> {
  const locked = await tx.selectFrom('grants').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
  if (locked === undefined) throw new Problem('not-found', { detail: 'This grant does not exist any more. Reload to see who has access now.' });
  const current = await requireGrant(tx, id);
  if (current.revision !== revision) {
    throw new Problem('edit-conflict', { detail: 'Somebody else changed this grant in the meantime. Your change was not saved; look at the new state and try again.', data: { current } });
  }
  return current;
}

async function requireCollection(tx: Tx, collectionId: string): Promise<void> {
  const found = await tx.selectFrom('collections').select('id').where('id', '=', collectionId).where('removed_at', 'is', null).executeTakeFirst();
  if (found === undefined) throw new Problem('not-found');
}

async function requireTarget(tx: Tx, collectionId: string, { to, documentId }: z.infer<typeof newGrant>): Promise<void> {
  const table = to.kind === 'group' ? 'groups' : 'members';
  const target = await tx.selectFrom(table).select('id').where('id', '=', to.id).executeTakeFirst();
  if (target === undefined) throw new Problem('invalid-input', { detail: `This ${to.kind} does not exist any more. Choose another one.` });
  if (documentId === null) return;
  const document = await tx.selectFrom('documents').select('id').where('id', '=', documentId).where('collection_id', '=', collectionId).where('deleted_at', 'is', null).executeTakeFirst();
  if (document === undefined) throw new Problem('invalid-input', { detail: 'This document is not in the collection any more.' });
}

function refusePast(expiresAt: string | null): void {
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) throw new Problem('invalid-input', { detail: 'The end of the grant has already passed. Choose a later time, or remove the grant.' });
}

async function grantedOnce<Outcome>(add: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await add();
  } catch (error) {
    throw isDuplicate(error) ? grantedAlready(error) : error;
  }
}

/** Asked before anything is proposed: a proposal to grant what is granted could never be carried out. */
async function refuseSecondGrant(tx: Tx, target: Readonly<Record<'collection_id' | 'document_id' | 'group_id' | 'member_id', string | null>>): Promise<void> {
  const found = await tx.selectFrom('grants').select('id').where('collection_id', '=', target.collection_id)
    .where('document_id', 'is not distinct from', target.document_id).where('group_id', 'is not distinct from', target.group_id).where('member_id', 'is not distinct from', target.member_id)
    .executeTakeFirst();
  if (found !== undefined) throw grantedAlready();
}

function grantedAlready(cause?: unknown): Problem {
  return new Problem('already-exists', { detail: 'There is a grant for them here already. Change that one instead.', ...(cause === undefined ? {} : { cause }) });
}

interface Change {
  event: 'grant.added' | 'grant.changed' | 'grant.removed';
  before: Grant | null;
  after: Grant | null;
}

async function record(tx: Tx, actor: MemberActor, { event, before, after }: Change): Promise<void> {
  const grant = after ?? before;
  if (grant === null) return;
  await appendRecord(tx, actor, {
    event,
    subject: { kind: 'grant', id: grant.id, name: grant.to.name },
    collectionId: grant.collectionId,
    ...(grant.documentId === null ? {} : { documentId: grant.documentId }),
    details: { before: factsOf(before), after: factsOf(after) },
  });
}

function factsOf(grant: Grant | null) {
  return grant === null ? null : { to: grant.to, permission: grant.permission, expiresAt: grant.expiresAt };
}
