/** The content of a version as it was read: its blocks, its passages, its file. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { readable, type ReadableVersion } from './readable.ts';
import { readContent } from './openings.ts';
import type { Block, BlockPage, Passage, Place } from './types.ts';

export const blockQuery = z.object({
  /** Number of the first block, from 0. */
  from: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  /** Only blocks of this page, from 1. */
  page: z.coerce.number().int().min(1).max(1_000_000).optional(),
});

export const passageQuery = z.object({
  /** Number of the last passage of the page before. */
  cursor: z.coerce.number().int().min(0).max(10_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

interface VersionName {
  documentId: string;
  versionId: string;
}

// Written by ingestion in exactly this shape (ingest/store.ts) and never by anybody else, so it is not parsed again:
// a page of a long document has thousands of lines with their boxes.
interface BlockRow {
  ordinal: number;
  body: Block;
}

/** A stretch of blocks in reading order; none while the version has not been read. Throws Problem: not-found, not-permitted. */
export async function readBlocks(actor: MemberActor, name: VersionName, query: z.infer<typeof blockQuery>): Promise<BlockPage> {
  return readContent(actor, name, async (tx, version) => {
    const { rows } = await sql<BlockRow>`
      select b.ordinal, b.body
      from blocks b
      join versions v on v.id = b.version_id and v.state = 'ready'
      where b.version_id = ${version.id}
        and b.ordinal >= ${query.from}
        and (${query.page ?? null}::int is null or b.page = ${query.page ?? null}::int)
      order by b.ordinal
      limit ${query.limit}`.execute(tx);
    const counted = await sql<{ total: number }>`
      select count(*) as total
      from blocks b
      join versions v on v.id = b.version_id and v.state = 'ready'
      where b.version_id = ${version.id}`.execute(tx);
    return {
      blocks: rows.map(({ ordinal, body }) => ({ ...body, ordinal })),
      total: counted.rows[0]?.total ?? 0,
      pageCount: version.pageCount,
    };
  });
}

/** A stretch of passages in reading order. Throws Problem: not-found, not-permitted. */
export async function readPassages(actor: MemberActor, name: VersionName, query: z.infer<typeof passageQuery>): Promise<{ items: Passage[]; next: string | null }> {
  return readContent(actor, name, async (tx, version) => {
    const { rows } = await sql<{ ordinal: number; text: string; place: Place }>`
      select c.ordinal, c.text, c.place
      from chunks c
      join versions v on v.id = c.version_id and v.state = 'ready'
      where c.version_id = ${version.id} and c.ordinal > ${query.cursor ?? -1}
      order by c.ordinal
      limit ${query.limit + 1}`.execute(tx);
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return { items, next: rows.length > query.limit && last !== undefined ? String(last.ordinal) : null };
  });
}

/** The version whose file is about to be shown; to be called before its first byte leaves. Throws Problem: not-found, not-permitted. */
export async function openFileOf(actor: MemberActor, name: VersionName): Promise<ReadableVersion> {
  return readContent(actor, name, async (_tx, version) => version);
}

/** The same for a file that leaves for good: each download is a record of its own. */
export async function downloadFileOf(actor: MemberActor, name: VersionName): Promise<ReadableVersion> {
  return transaction(actor, async (tx) => {
    const version = await readable(tx, name.documentId, name.versionId);
    await appendRecord(tx, actor, {
      event: 'file.downloaded',
      subject: { kind: 'document', id: version.documentId, name: version.title },
      collectionId: version.collectionId,
      documentId: version.documentId,
      details: { versionId: version.id, version: version.number, fileName: version.fileName, sha256: version.sha256 },
    });
    return version;
  });
}
