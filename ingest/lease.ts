/**
 * A worker's hold on a version. Jobs are delivered at least once: a worker that was thought dead may still be writing
 * when its successor begins. Every claim raises `versions.attempt`, and every write goes through `whileHeld`, which
 * writes only while the number is still its own and the document is not deleted.
 */
import { sql } from 'kysely';
import { ingestActor } from '#lib/actor.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import type { Format } from '#lib/documents/types.ts';

export interface Lease {
  versionId: string;
  documentId: string;
  collectionId: string;
  title: string;
  number: number;
  attempt: number;
  sha256: string;
  format: Format;
  fileName: string;
}

/** Somebody else took the version up, or the document was deleted: nothing more is to be done here. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Takes the version up; null when there is nothing to do: it is ready, it failed, or its document was deleted. */
export async function claim(versionId: string): Promise<Lease | null> {
  return transaction(ingestActor, async (tx) => {
    const { rows } = await sql<Lease>`
      update versions v
      set state = 'parsing', attempt = v.attempt + 1, problem_code = null, problem_detail = null, chunks_embedded = 0
      from documents d
      where v.id = ${versionId}
        and v.state in ('waiting', 'parsing', 'embedding')
        and d.id = v.document_id
        and d.deleted_at is null
      returning
        v.id as "versionId", v.document_id as "documentId", d.collection_id as "collectionId", d.title,
        v.number, v.attempt, v.sha256, v.format, v.file_name as "fileName"`.execute(tx);
    return rows[0] ?? null;
  });
}

/** Runs `work` in a short transaction that holds the version. Throws LeaseLost when it is no longer ours. */
export async function whileHeld<Result>(lease: Pick<Lease, 'versionId' | 'attempt'>, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return transaction(ingestActor, async (tx) => {
    const { rows } = await sql`
      select 1
      from versions v
      join documents d on d.id = v.document_id
      where v.id = ${lease.versionId} and v.attempt = ${lease.attempt} and d.deleted_at is null
      for update of v`.execute(tx);
    if (rows.length === 0) throw new LeaseLost();
    return work(tx);
  });
}
