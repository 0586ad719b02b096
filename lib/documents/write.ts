/**
 * Uploads: a new document, or a new version of one. The file is on disk and complete before one transaction writes
 * document, version, job and audit record; when that fails the file is gone again. Row-level security decides who may.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { lock } from '../db/lock.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { isProblem, Problem } from '../errors.ts';
import { enqueue, openQueue } from '../jobs/jobs.ts';
import { logger } from '../log.ts';
import { detectFormat } from './detect.ts';
import { cleanFileName, cleanTitle, titleOf } from './name.ts';
import { readRow } from './read.ts';
import { receiveFile, refuseTooLarge, type ReceivedFile, type ReceiveLimits } from './receive.ts';
import type { DocumentRow, Format } from './types.ts';

const log = logger('documents');

export interface Upload extends ReceiveLimits {
  /** As the sender calls it; cleaned here. */
  fileName: string;
  body: AsyncIterable<Uint8Array>;
}

interface NewFile {
  sha256: string;
  bytes: number;
  format: Format;
  fileName: string;
}

/**
 * Stores the file as a new document of the collection and queues it for reading. `title` is taken from the file's
 * name unless given. Throws Problem: not-found, not-permitted, already-exists, file-* and disk-full.
 */
export async function uploadDocument(actor: MemberActor, collectionId: string, upload: Upload & { title?: string }): Promise<DocumentRow> {
  await transaction(actor, (tx) => requireCollection(tx, collectionId));
  const documentId = randomUUID();
  await receive(upload, async (file) => {
    await transaction(actor, async (tx) => {
      // One upload at a time looks whether the file is there already, and none slips into a collection being removed.
      await lock(tx, collectionId);
      await requireCollection(tx, collectionId);
      await refuseSameFile(tx, collectionId, file.sha256);
      const title = cleanTitle(upload.title ?? '') || titleOf(file.fileName);
      await tx.insertInto('documents').values({ id: documentId, collection_id: collectionId, title, created_by: actor.id }).execute();
      const versionId = await addVersion(tx, actor, { documentId, number: 1, file });
      await appendRecord(tx, actor, {
        event: 'document.uploaded',
        subject: { kind: 'document', id: documentId, name: title },
        collectionId,
        documentId,
        details: { versionId, version: 1, ...file },
      });
    });
  });
  return readRow(actor, documentId);
}

/**
 * Stores the file as the next version of the document. The version before stays the one that answers rest on until
 * this one is ready. Throws Problem: not-found, not-permitted, already-exists (it is the newest version), file-*, disk-full.
 */
export async function uploadVersion(actor: MemberActor, documentId: string, upload: Upload): Promise<DocumentRow> {
  await transaction(actor, (tx) => requireDocument(tx, documentId));
  await receive(upload, async (file) => {
    await transaction(actor, async (tx) => {
      await lock(tx, documentId);
      const document = await requireDocument(tx, documentId);
      const newest = await tx.selectFrom('versions').select(['number', 'sha256', 'state']).where('document_id', '=', documentId).orderBy('number', 'desc').limit(1).executeTakeFirst();
      if (newest?.sha256 === file.sha256 && newest.state !== 'failed') {
        throw new Problem('already-exists', { detail: `This is the same file as version ${newest.number}. Nothing was changed.`, data: { documentId } });
      }
      const number = (newest?.number ?? 0) + 1;
      const versionId = await addVersion(tx, actor, { documentId, number, file });
      await appendRecord(tx, actor, {
        event: 'version.uploaded',
        subject: { kind: 'document', id: documentId, name: document.title },
        collectionId: document.collectionId,
        documentId,
        details: { versionId, version: number, ...file },
      });
    });
  });
  return readRow(actor, documentId);
}

/** Takes the file, lets `commit` write it down, and only then moves it to its place. */
async function receive(upload: Upload, commit: (file: NewFile) => Promise<void>): Promise<void> {
  if (upload.bytesExpected !== undefined) refuseTooLarge(upload.bytesExpected, upload.bytesMax);
  // The queue is opened here because opening it inside the transaction would wait for that transaction to end.
  await openQueue();
  const received = await receiveFile(upload.body, upload);
  try {
    const fileName = cleanFileName(upload.fileName);
    const format = await detectFormat(fileName, received.head);
    await commit({ sha256: received.sha256, bytes: received.bytes, format, fileName });
  } catch (error) {
    await discard(received, error);
    throw error;
  }
  // Where it waits it is found by its hash, so a failure here loses nothing.
  await received.keep().catch((error: unknown) => log.warn({ error, sha256: received.sha256 }, 'a stored file stays in the incoming folder'));
}

/** A database that went away may have committed all the same: then the file stays where it waits and is swept a day later. */
async function discard(received: ReceivedFile, error: unknown): Promise<void> {
  if (!isProblem(error, 'database-unavailable')) await received.discard();
}

async function addVersion(tx: Tx, actor: MemberActor, { documentId, number, file }: { documentId: string; number: number; file: NewFile }): Promise<string> {
  const versionId = randomUUID();
  // Purging a deleted document takes the same lock before it removes a file that nobody uses any more.
  await lock(tx, file.sha256);
  await tx
    .insertInto('versions')
    .values({ id: versionId, document_id: documentId, number, file_name: file.fileName, format: file.format, bytes: file.bytes, sha256: file.sha256, created_by: actor.id })
    .execute();
  await enqueue(tx, 'ingest-version', { versionId });
  return versionId;
}

async function requireCollection(tx: Tx, collectionId: string): Promise<void> {
  const { rows } = await sql<{ mayEdit: boolean }>`
    select may_edit_collection(id) as "mayEdit"
    from collections
    where id = ${collectionId} and removed_at is null`.execute(tx);
  const collection = rows[0];
  if (collection === undefined) throw new Problem('not-found');
  if (!collection.mayEdit) throw new Problem('not-permitted', { detail: 'You may read this collection but not change it. An admin can grant you the right to edit.' });
}

/** The document when the actor may edit it. Throws Problem 'not-found' or 'not-permitted'. */
export async function requireDocument(tx: Tx, documentId: string): Promise<{ title: string; collectionId: string }> {
  const { rows } = await sql<{ title: string; collectionId: string; mayEdit: boolean }>`
    select title, collection_id as "collectionId", may_edit_document(id) as "mayEdit"
    from documents
    where id = ${documentId} and deleted_at is null`.execute(tx);
  const document = rows[0];
  if (document === undefined) throw new Problem('not-found');
  if (!document.mayEdit) throw new Problem('not-permitted', { detail: 'You may read this document but not change it. An admin can grant you the right to edit.' });
  return document;
}

/** The same file twice in one collection would answer every question twice. */
async function refuseSameFile(tx: Tx, collectionId: string, sha256: string): Promise<void> {
  const { rows } = await sql<{ id: string; title: string }>`
    select d.id, d.title
    from versions v
    join documents d on d.id = v.document_id
    where v.sha256 = ${sha256}
      and d.collection_id = ${collectionId}
      and d.deleted_at is null
      and v.state <> 'failed'
      and (
        (v.valid_from is not null and v.valid_to is null)
        or v.number = (select max(number) from versions where document_id = d.id)
      )
    limit 1`.execute(tx);
  const same = rows[0];
  if (same === undefined) return;
  throw new Problem('already-exists', { detail: `This file is already in the collection, as "${same.title}". Nothing was added.`, data: { documentId: same.id } });
}
