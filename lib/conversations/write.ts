/** What owners do with their conversations and answers: rename, delete, rate, open a passage. Each leaves a record. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor, MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';

export const newTitle = z.object({ title: z.string().trim().min(1, 'Give the conversation a name.').max(200) });
export const newFeedback = z.object({ verdict: z.enum(['up', 'down']), comment: z.string().trim().max(2000).default('') });
export type NewFeedback = z.infer<typeof newFeedback>;

const notFound = 'This does not exist, or it belongs to someone else.';

/** Gives a conversation another name. Throws Problem 'not-found'. */
export async function renameConversation(actor: Actor, id: string, title: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const changed = await tx.updateTable('conversations').set({ title }).where('id', '=', id).where('deleted_at', 'is', null).returning('id').executeTakeFirst();
    if (changed === undefined) throw new Problem('not-found', { detail: notFound });
    // A title is a question's words more often than not, so it is content and not a detail.
    await appendRecord(tx, actor, { event: 'conversation.renamed', subject: { kind: 'conversation', id }, content: { title } });
  });
}

/** Takes a conversation out of its owner's sight. Its records stay. Throws Problem 'not-found'. */
export async function deleteConversation(actor: Actor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const deleted = await tx.updateTable('conversations').set({ deleted_at: sql`now()` }).where('id', '=', id).where('deleted_at', 'is', null).returning('id').executeTakeFirst();
    if (deleted === undefined) throw new Problem('not-found', { detail: notFound });
    await appendRecord(tx, actor, { event: 'conversation.deleted', subject: { kind: 'conversation', id } });
  });
}

/** Rates the answer to a turn, or changes the rating. Throws Problem 'not-found', also for an answer that is withheld. */
export async function giveFeedback(actor: MemberActor, turnId: string, { verdict, comment }: NewFeedback): Promise<void> {
  await transaction(actor, async (tx) => {
    await requireAnswer(tx, turnId);
    const values = { verdict, comment };
    await tx.insertInto('feedback').values({ turn_id: turnId, member_id: actor.id, ...values })
      .onConflict((conflict) => conflict.column('turn_id').doUpdateSet({ ...values, created_at: sql`now()` })).execute();
    await appendRecord(tx, actor, { event: 'feedback.given', subject: { kind: 'turn', id: turnId }, turnId, details: { verdict }, content: { comment } });
  });
}

/** Takes a rating back; nothing happens when there is none. */
export async function takeFeedbackBack(actor: MemberActor, turnId: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const removed = await tx.deleteFrom('feedback').where('turn_id', '=', turnId).returning('turn_id').executeTakeFirst();
    if (removed === undefined) return;
    await appendRecord(tx, actor, { event: 'feedback.given', subject: { kind: 'turn', id: turnId }, turnId, details: { verdict: null } });
  });
}

async function requireAnswer(tx: Tx, turnId: string): Promise<void> {
  const found = await tx.selectFrom('answers').select('turn_id').where('turn_id', '=', turnId).executeTakeFirst();
  if (found === undefined) throw new Problem('not-found', { detail: 'There is no answer to rate here, or it belongs to someone else.' });
}

/** Throws Problem 'not-found' when the turn is not the actor's. */
export async function requireTurn(actor: Actor, turnId: string): Promise<void> {
  const found = await transaction(actor, (tx) => tx.selectFrom('turns').select('id').where('id', '=', turnId).executeTakeFirst());
  if (found === undefined) throw new Problem('not-found', { detail: notFound });
}

/** Notes that the asker opened a passage behind an answer. Throws Problem 'not-found' when it is not theirs to read. */
export async function noteEvidenceOpened(actor: Actor, evidenceId: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const found = await tx.selectFrom('evidence as e').innerJoin('documents as d', 'd.id', 'e.document_id')
      .select(['e.turn_id', 'e.document_id', 'e.version_id', 'e.number', 'e.title', 'e.text_sha256', 'd.collection_id'])
      .where('e.id', '=', evidenceId).executeTakeFirst();
    if (found === undefined) throw new Problem('not-found', { detail: 'This passage does not exist, or you may no longer read it.' });
    await appendRecord(tx, actor, {
      event: 'evidence.opened',
      subject: { kind: 'document', id: found.document_id, name: found.title },
      collectionId: found.collection_id,
      documentId: found.document_id,
      turnId: found.turn_id,
      details: { evidenceId, number: found.number, versionId: found.version_id, textSha256: found.text_sha256 },
    });
  });
}
