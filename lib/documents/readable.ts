/** The one check before content of a document is shown: may the actor read it, and which version is meant. */
import { sql } from 'kysely';
import type { Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { Format } from './types.ts';

export interface ReadableVersion {
  id: string;
  number: number;
  documentId: string;
  collectionId: string;
  title: string;
  fileName: string;
  format: Format;
  sha256: string;
  pageCount: number | null;
}

/**
 * The version, or without `versionId` the newest one. Throws Problem 'not-found' when the actor may not know of the
 * document, 'not-permitted' when they see it for managing it and have no right to read it.
 */
export async function readable(tx: Tx, documentId: string, versionId?: string): Promise<ReadableVersion> {
  const { rows } = await sql<ReadableVersion & { mayRead: boolean }>`
    select
      v.id, v.number, d.id as "documentId", d.collection_id as "collectionId", d.title,
      v.file_name as "fileName", v.format, v.sha256, v.page_count as "pageCount",
      d.id in (select readable_documents()) as "mayRead"
    from documents d
    join versions v on v.document_id = d.id
    where d.id = ${documentId}
      and d.deleted_at is null
      and (${versionId ?? null}::uuid is null or v.id = ${versionId ?? null}::uuid)
    order by v.number desc
    limit 1`.execute(tx);
  const found = rows[0];
  if (found === undefined) throw new Problem('not-found');
  const { mayRead, ...version } = found;
  if (!mayRead) throw new Problem('not-permitted', { detail: 'You manage this collection but have no right to read it. You can grant yourself the right; the audit log records that.' });
  return version;
}
