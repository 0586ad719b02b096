/** Changes to a document that bring no file: another title, deletion, another try at reading it. */
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { lock } from '../db/lock.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { enqueue, openQueue } from '../jobs/jobs.ts';
import { cleanTitle } from './name.ts';
import { readRow } from './read.ts';
import type { DocumentRow } from './types.ts';
import { requireDocument } from './write.ts';

/** Gives the document another title. Throws Problem: not-found, not-permitted, invalid-input. */
export async function retitleDocument(actor: MemberActor, documentId: string, title: string): Promise<DocumentRow> {
  const clean = cleanTitle(title);
  if (clean === '') throw new Problem('invalid-input', { detail: 'The title is empty. Write one and save again.' });
  await transaction(actor, async (tx) => {
    const before = await requireDocument(tx, documentId);
    await forEditorsOfTheCollection(() => tx.updateTable('documents').set({ title: clean }).where('id', '=', documentId).execute());
    await appendRecord(tx, actor, {
      event: 'document.changed',
      subject: { kind: 'document', id: documentId, name: clean },
      collectionId: before.collectionId,
      documentId,
      details: { before: { title: before.title }, after: { title: clean } },
    });
  });
  return readRow(actor, documentId);
}

/**
 * Deletes the document for everybody. From the moment this commits nobody finds or opens it; a job then removes its
 * text, vectors and file, and records how much there was. Throws Problem: not-found, not-permitted.
 */
export async function deleteDocument(actor: MemberActor, documentId: string): Promise<void> {
  await openQueue();
  await transaction(actor, async (tx) => {
    await lock(tx, documentId);
    const document = await requireDocument(tx, documentId);
    await forEditorsOfTheCollection(() => tx.updateTable('documents').set({ deleted_at: sql`now()` }).where('id', '=', documentId).execute());
    await enqueue(tx, 'purge-document', { documentId });
    await appendRecord(tx, actor, {
      event: 'document.deleted',
      subject: { kind: 'document', id: documentId, name: document.title },
      collectionId: document.collectionId,
      documentId,
    });
  });
}

/** Queues a failed version once more. Throws Problem: not-found, not-permitted, edit-conflict when it did not fail or is not the newest. */
export async function retryVersion(actor: MemberActor, documentId: string, versionId: string): Promise<DocumentRow> {
  await openQueue();
  await transaction(actor, async (tx) => {
    await lock(tx, documentId);
    const document = await requireDocument(tx, documentId);
    const number = await resetFailed(tx, documentId, versionId);
    await enqueue(tx, 'ingest-version', { versionId });
    await appendRecord(tx, actor, {
      event: 'version.retried',
      subject: { kind: 'document', id: documentId, name: document.title },
      collectionId: document.collectionId,
      documentId,
      details: { versionId, version: number },
    });
  });
  return readRow(actor, documentId);
}

async function resetFailed(tx: Tx, documentId: string, versionId: string): Promise<number> {
  const newest = await tx.selectFrom('versions').select(['id', 'number', 'state']).where('document_id', '=', documentId).orderBy('number', 'desc').limit(1).executeTakeFirst();
  if (newest?.id !== versionId) {
    const known = await tx.selectFrom('versions').select('id').where('id', '=', versionId).where('document_id', '=', documentId).executeTakeFirst();
    if (known === undefined) throw new Problem('not-found');
    throw new Problem('edit-conflict', { detail: 'There is a newer version of this document. Only the newest one can be read again.' });
  }
  if (newest.state !== 'failed') throw new Problem('edit-conflict', { detail: 'This version did not fail, or it is being read again already.' });
  await tx.updateTable('versions').set({ state: 'waiting', problem_code: null, problem_detail: null }).where('id', '=', versionId).execute();
  return newest.number;
}

/** Row-level security lets those who may edit only this one document add versions to it, no more. */
async function forEditorsOfTheCollection(change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    throw new Problem('not-permitted', { detail: 'You may add versions to this document. To rename or delete it you need the right to edit its collection.', cause: error });
  }
}
