/**
 * Who can read a document and why, and what a member can read and why. Both are asked of the very functions that
 * retrieval asks (prisma/migrations/*_nested_groups); nothing here decides anything. Admins and compliance may ask about
 * everybody, who edits a collection about its documents, and everybody about themselves. Asking is recorded.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { byWeight, reasonSchema, toReason } from './reasons.ts';
import type { ReadableObject, ReadablePage, Reader, ReaderPage } from './types.ts';

export const explainQuery = z.object({
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ExplainQuery = z.infer<typeof explainQuery>;

const readerRow = z.object({ id: z.string(), name: z.string(), email: z.string(), key: z.string(), total: z.number() });
const readerReason = reasonSchema.extend({ member_id: z.string() });

/** A page of a document's readers by name. Throws Problem: not-found, not-permitted to whoever may only read it. */
export async function whoCanRead(actor: MemberActor, documentId: string, query: ExplainQuery): Promise<ReaderPage> {
  const after = readCursor(query.cursor, 2);
  return transaction(actor, async (tx) => {
    const document = await requireDocument(tx, documentId);
    const found = await sql`
      with readers as materialized (select member_id::text as id, name, email, lower(name) as key from readers_of_document(${documentId}))
      select *, (select count(*)::int from readers) as total
      from readers
      ${after === null ? sql`` : sql`where (key, id) > (${after[0]}, ${after[1]})`}
      order by key, id
      limit ${query.limit + 1}`.execute(tx);
    const rows = z.array(readerRow).parse(found.rows);
    const items = await withReasons(tx, documentId, rows.slice(0, query.limit));
    const total = rows[0]?.total ?? 0;
    if (query.cursor === undefined) {
      await appendRecord(tx, actor, {
        event: 'access.explained',
        subject: { kind: 'document', id: documentId, name: document.title },
        collectionId: document.collection.id,
        documentId,
        details: { asked: 'who can read this document', readers: total },
      });
    }
    return { document, items, next: nextOf(rows, query.limit), total };
  });
}

async function requireDocument(tx: Tx, documentId: string): Promise<ReaderPage['document']> {
  const { rows } = await sql<{ title: string; restricted: boolean; collection_id: string; name: string | null; may: boolean }>`
    select d.title, d.restricted, d.collection_id, c.name, may_explain_document(d.id) as may
    from documents d
    left join collections c on c.id = d.collection_id
    where d.id = ${documentId} and d.deleted_at is null`.execute(tx);
  const found = rows[0];
  if (found === undefined) throw new Problem('not-found');
  if (!found.may) throw new Problem('not-permitted', { detail: 'Who else can read this document is shown to those who edit its collection, to admins and to compliance.' });
  return { id: documentId, title: found.title, restricted: found.restricted, collection: { id: found.collection_id, name: found.name ?? '' } };
}

async function withReasons(tx: Tx, documentId: string, rows: readonly z.infer<typeof readerRow>[]): Promise<Reader[]> {
  const ids = rows.map(({ id }) => id);
  const { rows: told } = await sql`select * from reasons_for_document(${documentId}, ${ids}::uuid[])`.execute(tx);
  const reasons = z.array(readerReason).parse(told);
  return rows.map(({ id, name, email }) => ({
    id, name, email,
    reasons: reasons.filter((reason) => reason.member_id === id).map((reason) => toReason(reason, { id, name })).toSorted(byWeight),
  }));
}

const objectRow = z.object({
  collection_id: z.string(), collection_name: z.string(), document_id: z.string().nullable(), document_title: z.string().nullable(),
  restricted: z.boolean(), documents: z.number(), id: z.string(), key: z.string(), total: z.number(),
});
const objectReason = reasonSchema.extend({ collection_id: z.string() });

/** A page of what a member can read: collections by name, each before documents of its own that were granted by themselves. Throws Problem 'not-found'. */
export async function whatCanRead(actor: MemberActor, memberId: string, query: ExplainQuery): Promise<ReadablePage> {
  const after = readCursor(query.cursor, 2);
  return transaction(actor, async (tx) => {
    const member = await requireMember(tx, memberId);
    const found = await sql`
      with objects as materialized (
        select *, coalesce(document_id, collection_id)::text as id,
          lower(collection_name) || chr(1) || collection_id::text || chr(1) || coalesce(lower(document_title), '') as key
        from readable_objects_of(${memberId})
      )
      select *, (select count(*)::int from objects) as total
      from objects
      ${after === null ? sql`` : sql`where (key, id) > (${after[0]}, ${after[1]})`}
      order by key, id
      limit ${query.limit + 1}`.execute(tx);
    const rows = z.array(objectRow).parse(found.rows);
    const items = await explainObjects(tx, member, rows.slice(0, query.limit));
    const counted = await sql<{ documents: number }>`select readable_count_of(${memberId})::int as documents`.execute(tx);
    const [total, documents] = [rows[0]?.total ?? 0, counted.rows[0]?.documents ?? 0];
    if (query.cursor === undefined) {
      await appendRecord(tx, actor, {
        event: 'access.explained',
        subject: { kind: 'member', id: memberId, name: member.name },
        details: { asked: 'what this member can read', documents },
      });
    }
    return { member, items, next: nextOf(rows, query.limit), total, documents };
  });
}

async function requireMember(tx: Tx, memberId: string): Promise<ReadablePage['member']> {
  const { rows } = await sql<ReadablePage['member']>`
    select id, name, email, disabled_at is not null as disabled
    from members
    where id = ${memberId} and may_explain_member(id)`.execute(tx);
  if (rows[0] === undefined) throw new Problem('not-found');
  return rows[0];
}

async function explainObjects(tx: Tx, member: ReadablePage['member'], rows: readonly z.infer<typeof objectRow>[]): Promise<ReadableObject[]> {
  const collections = [...new Set(rows.map((row) => row.collection_id))];
  const { rows: told } = await sql`select * from reasons_for_member(${member.id}, ${collections}::uuid[])`.execute(tx);
  const reasons = z.array(objectReason).parse(told);
  return rows.map((row) => ({
    collection: { id: row.collection_id, name: row.collection_name },
    document: row.document_id === null ? null : { id: row.document_id, title: row.document_title ?? '', restricted: row.restricted },
    documents: row.documents,
    reasons: reasons
      .filter((reason) => reason.collection_id === row.collection_id && reason.document_id === row.document_id)
      .map((reason) => toReason(reason, member))
      .toSorted(byWeight),
  }));
}

function nextOf(rows: readonly { key: string; id: string }[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? writeCursor(last.key, last.id) : null;
}
