/**
 * Documents as lists and with all their versions. Row-level security decides which rows there are: a member sees what
 * they may read; admins and compliance see every document's state, and `mayRead` says whether they see its content.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { documentColumns, newestVersion, toDocumentRow, versionJson, versionSchema } from './row.ts';
import type { DocumentInFull, DocumentRow } from './types.ts';

/** Text that can be sent to the database, which has no NUL character. */
const text = z.string().refine((value) => !value.includes('\0'), 'contains characters that are not text');

export const documentQuery = z.object({
  /** Part of the title or the file name. */
  q: z.string().trim().max(200).pipe(text).optional(),
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type DocumentQuery = z.infer<typeof documentQuery>;

export interface DocumentPage {
  items: DocumentRow[];
  next: string | null;
  /** How many documents match, on all pages. */
  total: number;
}

// The last row of the page before: titles may repeat, so the id decides between them.
const cursorSchema = z.tuple([text, z.uuid()]);

/** A page of a collection's documents by title. Throws Problem 'not-found' for a collection that the actor may not see. */
export async function listDocuments(actor: Actor, collectionId: string, query: DocumentQuery): Promise<DocumentPage> {
  const after = readCursor(query.cursor);
  const pattern = `%${(query.q ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  return transaction(actor, async (tx) => {
    await requireVisible(tx, collectionId);
    const matching = sql`
      from documents d
      ${newestVersion}
      where d.collection_id = ${collectionId}
        and d.deleted_at is null
        and (d.title ilike ${pattern} or newest.file_name ilike ${pattern})`;
    const { rows } = await sql<{ key: string }>`
      select ${documentColumns}, lower(d.title) as key
      ${matching}
      ${after === undefined ? sql`` : sql`and (lower(d.title), d.id) > (${after[0]}, ${after[1]}::uuid)`}
      order by lower(d.title), d.id
      limit ${query.limit + 1}`.execute(tx);
    const counted = await sql<{ total: number }>`select count(*) as total ${matching}`.execute(tx);
    const items = rows.slice(0, query.limit).map(toDocumentRow);
    const last = items.at(-1);
    const key = rows[query.limit - 1]?.key;
    const next = rows.length > query.limit && last !== undefined && key !== undefined ? writeCursor(key, last.id) : null;
    return { items, next, total: counted.rows[0]?.total ?? 0 };
  });
}

/** One document as a row. Throws Problem 'not-found'. */
export async function readRow(actor: Actor, documentId: string): Promise<DocumentRow> {
  return transaction(actor, (tx) => selectRow(tx, documentId));
}

/** One document with all its versions, newest first. Throws Problem 'not-found'. */
export async function readDocument(actor: Actor, documentId: string): Promise<DocumentInFull> {
  return transaction(actor, async (tx) => {
    const row = await selectRow(tx, documentId);
    const collection = await tx.selectFrom('collections').select('name').where('id', '=', row.collectionId).executeTakeFirst();
    const versions = await sql<{ version: unknown }>`
      select ${versionJson} as version from versions v where v.document_id = ${documentId} order by v.number desc`.execute(tx);
    return {
      ...row,
      collectionName: collection?.name ?? '',
      versions: versions.rows.map(({ version }) => versionSchema.parse(version)),
    };
  });
}

async function selectRow(tx: Tx, documentId: string): Promise<DocumentRow> {
  const { rows } = await sql`
    select ${documentColumns}
    from documents d
    ${newestVersion}
    where d.id = ${documentId} and d.deleted_at is null`.execute(tx);
  if (rows[0] === undefined) throw new Problem('not-found');
  return toDocumentRow(rows[0]);
}

async function requireVisible(tx: Tx, collectionId: string): Promise<void> {
  const found = await tx.selectFrom('collections').select('id').where('id', '=', collectionId).where('removed_at', 'is', null).executeTakeFirst();
  if (found === undefined) throw new Problem('not-found');
}

export function writeCursor(key: string, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

export function readCursor(cursor: string | undefined): readonly [string, string] | undefined {
  if (cursor === undefined) return undefined;
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new Problem('invalid-input', { detail: 'The list cannot be continued from here. Reload it.', cause: error });
  }
}
