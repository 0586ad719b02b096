/**
 * Completes a deletion: removes every block, chunk, posting and vector of a deleted document and the files that no
 * other document uses, looks that nothing is left, and records how much there was. The texts that old answers rest on
 * stay with those answers; row-level security withholds them.
 */
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { appendRecord } from '#lib/audit/append.ts';
import { lock } from '#lib/db/lock.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { isStored, removeFile } from '#lib/documents/files.ts';
import { logger } from '#lib/log.ts';
import { deleteSome } from './store.ts';

const log = logger('ingest');
const contentTables = ['postings', 'vectors', 'chunks', 'blocks'] as const;

interface Purged {
  postings: number;
  vectors: number;
  chunks: number;
  blocks: number;
  files: number;
}

/** Purges the document. Does nothing when it is not deleted or purged already; an interrupted purge is taken up where it ended. */
export async function purgeDocument(documentId: string): Promise<void> {
  const versions = await takeFromWorkers(documentId);
  if (versions === null) return;
  const purged: Purged = { postings: 0, vectors: 0, chunks: 0, blocks: 0, files: 0 };
  for (const { id } of versions) {
    for (const table of contentTables) purged[table] += await deleteAll(id, table);
  }
  for (const sha256 of new Set(versions.map((version) => version.sha256))) {
    if (await removeUnusedFile(sha256, documentId)) purged.files += 1;
  }
  await complete(documentId, purged);
  log.info({ documentId, ...purged }, 'deletion completed');
}

/** Ends the hold of any worker that still writes; from here on nothing is added. Null when there is nothing to purge. */
async function takeFromWorkers(documentId: string): Promise<{ id: string; sha256: string }[] | null> {
  return transaction(ingestActor, async (tx) => {
    const document = await tx.selectFrom('documents').select(['deleted_at', 'purged_at']).where('id', '=', documentId).executeTakeFirst();
    if (document === undefined || document.deleted_at === null || document.purged_at !== null) return null;
    return tx.updateTable('versions').set({ attempt: sql`attempt + 1` }).where('document_id', '=', documentId).returning(['id', 'sha256']).execute();
  });
}

async function deleteAll(versionId: string, table: (typeof contentTables)[number]): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await transaction(ingestActor, (tx) => deleteSome(tx, table, versionId));
    if (deleted === 0) return total;
    total += deleted;
  }
}

/** True when the file was removed; false when another document uses it, or it was gone already. */
async function removeUnusedFile(sha256: string, documentId: string): Promise<boolean> {
  return transaction(ingestActor, async (tx) => {
    // The same file may be uploaded again at this moment: that upload waits here, or it is seen below.
    await lock(tx, sha256);
    const used = await tx.selectFrom('versions as v').innerJoin('documents as d', 'd.id', 'v.document_id').select('v.id')
      .where('v.sha256', '=', sha256).where('d.id', '<>', documentId).where('d.deleted_at', 'is', null).limit(1).executeTakeFirst();
    if (used !== undefined || !(await isStored(sha256))) return false;
    // The one file operation inside a transaction: it takes microseconds, and only here is it known that nobody needs the file.
    await removeFile(sha256);
    return true;
  });
}

async function complete(documentId: string, purged: Purged): Promise<void> {
  await transaction(ingestActor, async (tx) => {
    await refuseRemains(tx, documentId);
    const document = await tx.updateTable('documents').set({ purged_at: sql`now()` }).where('id', '=', documentId)
      .returning(['title', 'collection_id']).executeTakeFirstOrThrow();
    await appendRecord(tx, ingestActor, {
      event: 'document.purged',
      subject: { kind: 'document', id: documentId, name: document.title },
      collectionId: document.collection_id,
      documentId,
      details: { removed: purged, left: 0 },
    });
  });
}

/** Counted by the document's own id, not by version: whatever way a row came to be, it is found. */
async function refuseRemains(tx: Tx, documentId: string): Promise<void> {
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from blocks where document_id = ${documentId})
      + (select count(*) from chunks where document_id = ${documentId})
      + (select count(*) from postings where document_id = ${documentId})
      + (select count(*) from vectors where document_id = ${documentId}) as left`.execute(tx);
  const left = rows[0]?.left ?? 0;
  if (left > 0) throw new Error(`The purge of document ${documentId} left ${left} rows.`);
}
