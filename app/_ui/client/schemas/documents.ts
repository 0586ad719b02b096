/** What the document routes answer, checked in the browser. The types are those of lib/documents/types.ts. */
import { z } from 'zod';
import { mediaTypes, versionStates, type Block, type BlockPage, type Box, type DocumentInFull, type DocumentRow, type FoundDocument, type Format, type Passage, type Place, type VersionRow } from '#lib/documents/types.ts';

const formats = Object.keys(mediaTypes).filter((name): name is Format => name in mediaTypes);
export const format = z.enum(formats);

const box = z.object({ page: z.number(), x: z.number(), y: z.number(), width: z.number(), height: z.number() }) satisfies z.ZodType<Box>;
const point = z.object({ block: z.number(), offset: z.number() });

export const place = z.object({
  from: point,
  to: point,
  headings: z.array(z.string()),
  page: z.number().exactOptional(),
  pageLabel: z.string().exactOptional(),
  boxes: z.array(box).exactOptional(),
}) satisfies z.ZodType<Place>;

const block = z.object({
  kind: z.enum(['heading', 'paragraph', 'list-item', 'table', 'code', 'quote']),
  text: z.string(),
  level: z.number().exactOptional(),
  page: z.number().exactOptional(),
  pageLabel: z.string().exactOptional(),
  lines: z.array(box.extend({ start: z.number(), end: z.number() })).exactOptional(),
}) satisfies z.ZodType<Block>;

export const blockPage = z.object({
  blocks: z.array(block.extend({ ordinal: z.number() })),
  total: z.number(),
  pageCount: z.number().nullable(),
}) satisfies z.ZodType<BlockPage>;

export const passage = z.object({ ordinal: z.number(), text: z.string(), place }) satisfies z.ZodType<Passage>;

export const versionRow = z.object({
  id: z.string(),
  number: z.number(),
  state: z.enum(versionStates),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  warnings: z.array(z.object({ message: z.string(), page: z.number().exactOptional() })),
  chunkCount: z.number(),
  chunksEmbedded: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  fileName: z.string(),
  format,
  pageCount: z.number().nullable(),
  createdAt: z.string(),
  createdByName: z.string().nullable(),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
}) satisfies z.ZodType<VersionRow>;

export const documentRow = z.object({
  id: z.string(),
  collectionId: z.string(),
  title: z.string(),
  format,
  fileName: z.string(),
  bytes: z.number(),
  pageCount: z.number().nullable(),
  version: versionRow,
  currentVersion: z.number().nullable(),
  createdAt: z.string(),
  changedAt: z.string(),
  createdByName: z.string().nullable(),
  restricted: z.boolean(),
  mayRead: z.boolean(),
  mayEdit: z.boolean(),
}) satisfies z.ZodType<DocumentRow>;

export const foundDocument = documentRow.extend({ collectionName: z.string() }) satisfies z.ZodType<FoundDocument>;

export const documentInFull = documentRow.extend({ collectionName: z.string(), versions: z.array(versionRow) }) satisfies z.ZodType<DocumentInFull>;
