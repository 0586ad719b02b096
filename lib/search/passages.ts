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
  follows: z.number().nullable(),
}));

/** A passage before it is told how it was found. */
export type ReadPassage = Omit<FoundPassage, 'scores'>;

export interface ReadPassages {
  /** By id. Chunks that are not current and readable any more are missing. */
  read: Map<number, ReadPassage>;
  /** The passages that come next in the same version, by the id they follow. */
  following: Map<number, ReadPassage>;
}

/**
 * The chunks with those ids, and the ones that follow those of `followed`: a heading with a line or two often was cut
 * off from what it announces. All in one statement, because the database works out anew for each table of each
 * statement what may be read: asking three times took twice as long.
 */
export async function readPassages(tx: Tx, chunkIds: readonly number[], followed: readonly number[]): Promise<ReadPassages> {
  if (chunkIds.length === 0) return { read: new Map(), following: new Map() };
  const { rows } = await sql<unknown>`
    with found as materialized (
      select id, document_id, version_id, ordinal, text, text_sha256, place from chunks where id = any(${[...chunkIds]}::bigint[])
    ),
    wanted as (
      select found.*, null::bigint as follows from found
      union all
      select k.id, k.document_id, k.version_id, k.ordinal, k.text, k.text_sha256, k.place, f.id
      from found f join chunks k on k.version_id = f.version_id and k.ordinal = f.ordinal + 1
      where f.id = any(${[...followed]}::bigint[])
    )
    select w.id as "chunkId", w.document_id as "documentId", w.version_id as "versionId", v.number as "versionNumber",
      d.collection_id as "collectionId", c.name as "collectionName", d.title, v.format, w.ordinal, w.text,
      w.text_sha256 as "textSha256", w.place, w.follows
    from wanted w
    join versions v on v.id = w.version_id and v.valid_from is not null and v.valid_to is null
    join documents d on d.id = w.document_id
    join collections c on c.id = d.collection_id`.execute(tx);
  const found: ReadPassages = { read: new Map(), following: new Map() };
  for (const { follows, ...passage } of rowsSchema.parse(rows)) {
    if (follows === null) found.read.set(passage.chunkId, passage);
    else found.following.set(follows, passage);
  }
  return found;
}
