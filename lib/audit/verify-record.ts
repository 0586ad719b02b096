/** Holds one record of an export to its own hash, number and texts. Whether the log was signed with it is verify.ts's matter. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ExportRecord } from './export-format.ts';
import { leafHash } from './merkle.ts';

/** What is wrong. `first` and `last` say among which records it is; equal where it is one. */
export class ExportFault extends Error {
  readonly first: number | null;
  readonly last: number | null;
  /** Records from here on, before `first`, read well, and no checkpoint vouches for them. */
  since: number | null;
  constructor(sentence: string, first: number | null = null, last: number | null = first) {
    super(sentence);
    this.since = first;
    this.first = first;
    this.last = last;
  }
}

/** Parts of a record's bytes that are held to where it stands. Everything else in them is held by their hash. */
const bodySchema = z.looseObject({ v: z.number(), seq: z.number(), at: z.string(), content_sha256: z.string().nullable() });

/** The time that the record claims, and whether its texts were held to their hash. Throws ExportFault. */
export function checkRecord(record: ExportRecord, contents: boolean): { at: string; hasTexts: boolean } {
  const { seq } = record;
  if (record.differs !== undefined) throw new ExportFault(`Record ${seq}: in the database ${record.differs.join(', ')} does not say what the record says.`, seq);
  if (!leafHash(record.body).equals(record.leaf)) throw new ExportFault(`Record ${seq}: its bytes do not give the hash that the log keeps of it.`, seq);
  const body = parseBody(record.body);
  if (body === null) throw new ExportFault(`Record ${seq} cannot be read.`, seq);
  if (body.seq !== seq) throw new ExportFault(`Record ${seq} was written as record ${body.seq}.`, seq);
  return { at: body.at, hasTexts: checkContent(record, body.content_sha256, contents) };
}

function checkContent({ seq, content }: ExportRecord, sha256: string | null, contents: boolean): boolean {
  if (content === undefined) {
    if (contents && sha256 !== null) throw new ExportFault(`Record ${seq}: its texts are missing.`, seq);
    return false;
  }
  if (!contents || sha256 === null) throw new ExportFault(`Record ${seq}: it has texts that it should not have.`, seq);
  if (createHash('sha256').update(content).digest('hex') !== sha256) throw new ExportFault(`Record ${seq}: its texts are not those that were recorded.`, seq);
  return true;
}

function parseBody(bytes: Buffer): z.infer<typeof bodySchema> | null {
  try {
    return bodySchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
