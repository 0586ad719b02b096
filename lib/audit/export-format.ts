/**
 * The file in which the log is given away and verified without us: JSON lines, described in docs/audit.md. One way to
 * write each line, so that every byte means something. Pure; used by the export and by the offline verifier alike.
 *
 *   header     which records, up to which checkpoint, whether texts are included
 *   begin      the tree before the first record
 *   record ... each with its exact bytes; checkpoint ... each where it was signed
 *   rest       complete subtrees after the last record, up to the last checkpoint
 *   end        number of lines before it and SHA-256 of their bytes
 */
import { z } from 'zod';

export const exportVersion = 1;

const base64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/).transform((text, context): Buffer => {
  const bytes = Buffer.from(text, 'base64');
  // Base64 can be written in several ways where its last bits mean nothing; only one is taken.
  if (bytes.toString('base64') !== text) context.addIssue({ code: 'custom', message: 'is no base64' });
  return bytes;
});
const hash = base64.refine((bytes) => bytes.length === 32, 'is no hash');
const count = z.int().min(0);

const header = z.strictObject({
  type: z.literal('attest-audit-export'),
  version: z.literal(exportVersion),
  /** The first record, and the one after the last. */
  from: count,
  to: count,
  /** Of the last checkpoint, to which everything is tied. */
  size: count,
  /** Whether texts stand beside the records that have some. */
  contents: z.boolean(),
});
const begin = z.strictObject({ type: z.literal('begin'), hashes: z.array(hash) });
const record = z.strictObject({
  type: z.literal('record'),
  seq: count,
  /** As the log's tree keeps it, apart from the record. */
  leaf: hash,
  body: base64,
  content: base64.optional(),
  /** Columns of the database that do not say what the record says. Left out where all do. */
  differs: z.array(z.string()).min(1).optional(),
});
const checkpoint = z.strictObject({ type: z.literal('checkpoint'), note: z.string() });
const rest = z.strictObject({ type: z.literal('rest'), hashes: z.array(hash) });
const end = z.strictObject({ type: z.literal('end'), lines: count, sha256: hash });

const line = z.discriminatedUnion('type', [header, begin, record, checkpoint, rest, end]);
export type ExportLine = z.infer<typeof line>;
export type ExportHeader = z.infer<typeof header>;
export type ExportRecord = z.infer<typeof record>;

/** A line with its line break. Members in the order of the schema above. */
export function writeLine(given: ExportLine): string {
  return `${JSON.stringify(written(given))}\n`;
}

function written(given: ExportLine): object {
  const text = (bytes: Buffer): string => bytes.toString('base64');
  switch (given.type) {
    case 'attest-audit-export':
      return { type: given.type, version: given.version, from: given.from, to: given.to, size: given.size, contents: given.contents };
    case 'begin':
    case 'rest':
      return { type: given.type, hashes: given.hashes.map(text) };
    case 'record':
      return {
        type: given.type, seq: given.seq, leaf: text(given.leaf), body: text(given.body),
        ...(given.content === undefined ? {} : { content: text(given.content) }),
        ...(given.differs === undefined ? {} : { differs: given.differs }),
      };
    case 'checkpoint':
      return { type: given.type, note: given.note };
    case 'end':
      return { type: given.type, lines: given.lines, sha256: text(given.sha256) };
  }
}

/** Reads a line with its line break; null where it is none, or is written in another way than ours. */
export function readLine(bytes: Buffer): ExportLine | null {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = line.safeParse(value);
  return parsed.success && Buffer.from(writeLine(parsed.data)).equals(bytes) ? parsed.data : null;
}
