/** Reads the text and place of found chunks, under row-level security like everything else. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../db/transaction.ts';
import { formatSchema, placeSchema } from '../documents/stored.ts';
import type { FoundPassage } from './types.ts';

const rowsSchema = z.array(z.object({
  chunkId: z.number(),
  documentId: z.string(),
  versionId: z.string(),
  versionNumber: z.number(),
  collectionId: z.string(),
  collectionName: z.string(),
  title: z.string(),
  format: formatSchema,
  ordinal: z.number(),
  text: z.string(),
  textSha256: z.string(),
  place: placeSchema,
}));

/**
 * Ids of the chunks that follow short ones in their version, by the id they follow: a heading with a line or two often
 * was cut off from what it announces.
 */
export async function findFollowing(tx: Tx, passages: readonly Pick<FoundPassage, 'chunkId' | 'versionId' | 'ordinal'>[]): Promise<Map<number, number>> {
  if (passages.length === 0) return new Map();
  const { rows } = await sql<{ before: number; after: number }>`
    select q.id as before, k.id as after
    from unnest(${passages.map((each) => each.chunkId)}::bigint[], ${passages.map((each) => each.versionId)}::uuid[], ${passages.map((each) => each.ordinal + 1)}::int[])
      as q (id, version_id, ordinal)
    join chunks k on k.version_id = q.version_id and k.ordinal = q.ordinal`.execute(tx);
  return new Map(rows.map((row) => [row.before, row.after]));
}

/** The chunks with those ids that are still current and readable; others are left out. In no particular order. */
export async function readPassages(tx: Tx, chunkIds: readonly number[]): Promise<Omit<FoundPassage, 'scores'>[]> {
  if (chunkIds.length === 0) return [];
  const { rows } = await sql<unknown>`
    select k.id as "chunkId", k.document_id as "documentId", k.version_id as "versionId", v.number as "versionNumber",
      d.collection_id as "collectionId", c.name as "collectionName", d.title, v.format, k.ordinal, k.text,
      k.text_sha256 as "textSha256", k.place
    from chunks k
    join versions v on v.id = k.version_id and v.valid_from is not null and v.valid_to is null
    join documents d on d.id = k.document_id
    join collections c on c.id = d.collection_id
    where k.id = any(${[...chunkIds]}::bigint[])`.execute(tx);
  return rowsSchema.parse(rows);
}
