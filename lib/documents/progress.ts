/** How far documents are on their way into the index: for the tray of uploads and for the admins' overview. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { newestVersion, versionJson, versionSchema } from './row.ts';
import type { IngestionOverview, IngestionRow, VersionRow, VersionState } from './types.ts';

/** Most documents whose progress one request asks for. */
export const progressIdsMax = 200;
const rowsShownMax = 200;

/** The newest version of each of these documents, as far as the actor may see them. */
export async function readProgress(actor: Actor, documentIds: readonly string[]): Promise<(VersionRow & { documentId: string })[]> {
  if (documentIds.length === 0) return [];
  return transaction(actor, async (tx) => {
    const { rows } = await sql<{ documentId: string; version: unknown }>`
      select d.id as "documentId", newest.version
      from documents d
      ${newestVersion}
      where d.id = any(${[...documentIds]}::uuid[]) and d.deleted_at is null`.execute(tx);
    return rows.map((row) => ({ ...versionSchema.parse(row.version), documentId: row.documentId }));
  });
}

const rowSchema = z.object({
  documentId: z.string(),
  documentTitle: z.string(),
  collectionId: z.string(),
  collectionName: z.string(),
  version: versionSchema,
});

/** Versions under way and versions that failed, over all collections that the actor may see. */
export async function readIngestion(actor: Actor): Promise<IngestionOverview> {
  return transaction(actor, async (tx) => {
    const counted = await sql<{ state: VersionState; count: number }>`
      select v.state, count(*) as count
      from versions v
      join documents d on d.id = v.document_id
      where d.deleted_at is null and v.number = (select max(number) from versions where document_id = d.id)
      group by v.state`.execute(tx);
    const select = (states: readonly VersionState[], order: 'asc' | 'desc') => sql`
      select d.id as "documentId", d.title as "documentTitle", c.id as "collectionId", c.name as "collectionName", ${versionJson} as version
      from versions v
      join documents d on d.id = v.document_id
      join collections c on c.id = d.collection_id
      where v.state = any(${[...states]}) and d.deleted_at is null
        and v.number = (select max(number) from versions where document_id = d.id)
      order by v.created_at ${sql.raw(order)}, v.id
      limit ${rowsShownMax}`.execute(tx);
    const unfinished = await select(['waiting', 'parsing', 'embedding'], 'asc');
    const failed = await select(['failed'], 'desc');
    const count = (state: VersionState): number => counted.rows.find((row) => row.state === state)?.count ?? 0;
    return {
      counts: { waiting: count('waiting'), parsing: count('parsing'), embedding: count('embedding'), ready: count('ready'), failed: count('failed') },
      items: toRows(unfinished.rows),
      failed: toRows(failed.rows),
    };
  });
}

function toRows(rows: readonly unknown[]): IngestionRow[] {
  return z.array(rowSchema).parse(rows);
}
