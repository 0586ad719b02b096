/** How a document and its versions are read from the database: the columns as SQL, and the check that makes them rows. */
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { mediaTypes, versionStates, type DocumentRow, type Format, type VersionRow } from './types.ts';

const formats = Object.keys(mediaTypes).filter((name): name is Format => name in mediaTypes);

const time = z.union([z.date(), z.string()]).transform((value) => new Date(value).toISOString());

export const versionSchema = z.object({
  id: z.string(),
  number: z.number(),
  state: z.enum(versionStates),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  warnings: z.array(z.object({ message: z.string(), page: z.number().optional() }).transform(({ message, page }) => ({ message, ...(page === undefined ? {} : { page }) }))),
  chunkCount: z.number(),
  chunksEmbedded: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  fileName: z.string(),
  format: z.enum(formats),
  pageCount: z.number().nullable(),
  createdAt: time,
  createdByName: z.string().nullable(),
  validFrom: time.nullable(),
  validTo: time.nullable(),
}) satisfies z.ZodType<VersionRow>;

const documentSchema = z.object({
  id: z.string(),
  collectionId: z.string(),
  title: z.string(),
  version: versionSchema,
  currentVersion: z.number().nullable(),
  createdAt: time,
  changedAt: time,
  createdByName: z.string().nullable(),
  restricted: z.boolean(),
  mayRead: z.boolean(),
  mayEdit: z.boolean(),
});

/** One version as JSON; `v` is the table versions. Names of people are null where the actor may not see them. */
export const versionJson: RawBuilder<unknown> = sql`jsonb_build_object(
    'id', v.id, 'number', v.number, 'state', v.state,
    'problem', case when v.state = 'failed' then jsonb_build_object('code', coalesce(v.problem_code, 'internal'), 'detail', coalesce(v.problem_detail, '')) end,
    'warnings', v.warnings, 'chunkCount', v.chunk_count, 'chunksEmbedded', v.chunks_embedded,
    'bytes', v.bytes, 'sha256', v.sha256, 'fileName', v.file_name, 'format', v.format, 'pageCount', v.page_count,
    'createdAt', v.created_at, 'createdByName', (select name from members where id = v.created_by),
    'validFrom', v.valid_from, 'validTo', v.valid_to
  )`;

/** Columns of a document row; `d` is the table documents, `newest` what `newestVersion` joins. */
export const documentColumns: RawBuilder<unknown> = sql`
  d.id,
  d.collection_id as "collectionId",
  d.title,
  newest.version,
  (select number from versions where document_id = d.id and valid_from is not null and valid_to is null) as "currentVersion",
  d.created_at as "createdAt",
  greatest(newest.created_at, newest.valid_from) as "changedAt",
  (select name from members where id = d.created_by) as "createdByName",
  d.restricted,
  d.id in (select readable_documents()) as "mayRead",
  may_edit_document(d.id) as "mayEdit"`;

/** The newest version of `d`, whether it is ready or not. */
export const newestVersion: RawBuilder<unknown> = sql`join lateral (
    select v.created_at, v.valid_from, v.file_name, ${versionJson} as version
    from versions v
    where v.document_id = d.id
    order by v.number desc
    limit 1
  ) newest on true`;

/** Checks a row selected with `documentColumns`. */
export function toDocumentRow(row: unknown): DocumentRow {
  const document = documentSchema.parse(row);
  const { format, fileName, bytes, pageCount } = document.version;
  return { ...document, format, fileName, bytes, pageCount };
}
