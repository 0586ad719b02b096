/** Documents by title across collections, among those that the actor may read: for reaching one whose place is not known. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { readCursor, writeCursor, type DocumentQuery } from './read.ts';
import { documentColumns, newestVersion, toDocumentRow } from './row.ts';
import type { FoundDocument } from './types.ts';

/** More words than this narrow nothing down any further. */
const wordsMax = 12;

const namesSchema = z.looseObject({ collectionName: z.string(), key: z.string() });

export interface FoundPage {
  items: FoundDocument[];
  next: string | null;
}

/** A page of documents, by title, whose title or file name holds every word of the query; of all without one. */
export async function findDocuments(actor: Actor, { q = '', cursor, limit }: DocumentQuery): Promise<FoundPage> {
  const after = readCursor(cursor);
  const patterns = q.split(/\s+/).slice(0, wordsMax).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const found = await transaction(actor, async (tx) => {
    // Chosen by their titles first, so that versions are put together only for the documents of the page.
    const { rows } = await sql`
      with matching as (
        select d.id
        from documents d
        where d.id in (select readable_documents())
          and d.deleted_at is null
          and not exists (
            select from unnest(${patterns}::text[]) as pattern
            where not (d.title ilike pattern or exists (select from versions v where v.document_id = d.id and v.file_name ilike pattern))
          )
          ${after === undefined ? sql`` : sql`and (lower(d.title), d.id) > (${after[0]}, ${after[1]}::uuid)`}
        order by lower(d.title), d.id
        limit ${limit + 1}
      )
      select ${documentColumns}, coalesce(c.name, '') as "collectionName", lower(d.title) as key
      from matching m
      join documents d on d.id = m.id
      left join collections c on c.id = d.collection_id
      ${newestVersion}
      order by lower(d.title), d.id`.execute(tx);
    return rows.map((row) => ({ row: toDocumentRow(row), names: namesSchema.parse(row) }));
  });
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ row, names }) => ({ ...row, collectionName: names.collectionName })),
    next: found.length > limit && last !== undefined ? writeCursor(last.names.key, last.row.id) : null,
  };
}
