/**
 * Restricts a document to the grants on itself, or opens it again to everybody who may read its collection. Opening one
 * that is confined to a sensitive group is proposed where it reaches beyond that group.
 */
import { z } from 'zod';
import { changeOrPropose, isProposed } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';

export const restriction = z.strictObject({ restricted: z.boolean() });

/** Throws Problem: not-found, already-exists when opening it waits for a second admin. Saying what is so already changes nothing. */
export async function restrictDocument(actor: MemberActor, documentId: string, { restricted }: z.infer<typeof restriction>): Promise<{ restricted: boolean } | Proposed> {
  return transaction(actor, async (tx) => {
    const document = await tx.selectFrom('documents').select(['title', 'collection_id', 'restricted'])
      .where('id', '=', documentId).where('deleted_at', 'is', null).forUpdate().executeTakeFirst();
    if (document === undefined) throw new Problem('not-found');
    if (document.restricted === restricted) return { restricted };
    const attempt = () => tx.updateTable('documents').set({ restricted }).where('id', '=', documentId).execute();
    const outcome = await changeOrPropose(tx, actor, { change: { kind: 'open-document', documentId, collectionId: document.collection_id }, attempt });
    if (isProposed(outcome)) return outcome;
    await appendRecord(tx, actor, {
      event: 'document.changed',
      subject: { kind: 'document', id: documentId, name: document.title },
      collectionId: document.collection_id,
      documentId,
      details: { before: { restricted: !restricted }, after: { restricted } },
    });
    return { restricted };
  });
}
