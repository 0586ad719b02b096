/** Adding, changing and removing collections. Row-level security lets admins alone do it. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { lock } from '../db/lock.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { readCollection } from './read.ts';
import type { CollectionRow } from './types.ts';

const name = z.string().trim().min(1, 'is empty').max(120, 'is longer than 120 characters').regex(/^[^\p{Cc}\p{Cs}]*$/u, 'contains characters that are not text');
const description = z.string().trim().max(1000, 'is longer than 1,000 characters').refine((text) => text.isWellFormed() && !text.includes('\0'), 'contains characters that are not text');

export const newCollection = z.strictObject({ name, description: description.default('') });
export const collectionChange = z.strictObject({ name: name.optional(), description: description.optional(), revision: z.number().int() });

/** Throws Problem 'already-exists' when a collection has that name in any letter case. */
export async function addCollection(actor: MemberActor, given: z.infer<typeof newCollection>): Promise<CollectionRow> {
  const id = randomUUID();
  await namedOnce(() => transaction(actor, async (tx) => {
    await tx.insertInto('collections').values({ id, name: given.name, description: given.description, created_by: actor.id }).execute();
    await appendRecord(tx, actor, { event: 'collection.added', subject: { kind: 'collection', id, name: given.name }, collectionId: id, details: { after: given } });
  }));
  return readCollection(actor, id);
}

/** Throws Problem: not-found, already-exists, edit-conflict when `revision` is not the newest. */
export async function changeCollection(actor: MemberActor, id: string, { revision, ...change }: z.infer<typeof collectionChange>): Promise<CollectionRow> {
  await namedOnce(() => transaction(actor, async (tx) => {
    const before = await lockCollection(tx, id);
    if (before.revision !== revision) throw conflict(before);
    const after = { name: change.name ?? before.name, description: change.description ?? before.description };
    await tx.updateTable('collections').set({ ...after, revision: revision + 1 }).where('id', '=', id).execute();
    await appendRecord(tx, actor, {
      event: 'collection.changed',
      subject: { kind: 'collection', id, name: after.name },
      collectionId: id,
      details: { before: { name: before.name, description: before.description }, after },
    });
  }));
  return readCollection(actor, id);
}

/** Removes an empty collection with its grants. Throws Problem: not-found, edit-conflict while it holds documents. */
export async function removeCollection(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    // Uploads take the same lock, so none slips in between looking and removing.
    await lock(tx, id);
    const before = await lockCollection(tx, id);
    const { rows } = await sql<{ documents: number }>`select count(*) as documents from documents where collection_id = ${id} and deleted_at is null`.execute(tx);
    const documents = rows[0]?.documents ?? 0;
    if (documents > 0) {
      throw new Problem('edit-conflict', { detail: `The collection still holds ${documents} ${documents === 1 ? 'document' : 'documents'}. Delete them first.`, data: { documents } });
    }
    const ended = await tx.deleteFrom('grants').where('collection_id', '=', id).returning(['group_id', 'member_id', 'document_id', 'permission']).execute();
    await tx.updateTable('collections').set({ removed_at: sql`now()` }).where('id', '=', id).execute();
    await appendRecord(tx, actor, {
      event: 'collection.removed',
      subject: { kind: 'collection', id, name: before.name },
      collectionId: id,
      details: { before: { name: before.name, description: before.description }, grantsRemoved: ended },
    });
  });
}

interface Locked {
  name: string;
  description: string;
  revision: number;
}

async function lockCollection(tx: Tx, id: string): Promise<Locked> {
  const found = await tx.selectFrom('collections').select(['name', 'description', 'revision'])
    .where('id', '=', id).where('removed_at', 'is', null).forUpdate().executeTakeFirst();
  if (found === undefined) throw new Problem('not-found');
  return found;
}

function conflict(current: Locked): Problem {
  return new Problem('edit-conflict', { detail: 'Somebody else changed this collection in the meantime. Your change was not saved; look at the new state and try again.', data: { current } });
}

async function namedOnce(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Problem('already-exists', { detail: 'A collection with this name already exists. Choose another name.', cause: error });
  }
}
