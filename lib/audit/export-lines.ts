/** Turns what the log's tables hold into the lines of an export, and says where columns and records disagree. Pure. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { exportVersion, writeLine, type ExportHeader, type ExportLine } from './export-format.ts';

/** A row of the log as the database holds it, whether or not it is as it was written. */
export interface StoredRecord {
  seq: number;
  /** Microseconds, UTC, as in the record. */
  at: string;
  event: string;
  outcome: string;
  actor_id: string | null;
  actor_role: string | null;
  request_id: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  collection_id: string | null;
  document_id: string | null;
  turn_id: string | null;
  body: Buffer;
  content: Buffer | null;
  leaf_hash: Buffer;
  /** The hash that the tree keeps apart from the record; null where the tree has not come that far. */
  kept: Buffer | null;
}

/** The columns that repeat what the record says. */
export const repeatedColumns = ['seq', 'at', 'event', 'outcome', 'actor_id', 'actor_role', 'request_id', 'subject_kind', 'subject_id', 'collection_id', 'document_id', 'turn_id'] as const;

export interface StoredCheckpoint {
  size: number;
  note: string;
}

export interface ExportPage {
  records: StoredRecord[];
  /** Those that were signed within the page, but the last of the log. */
  checkpoints: StoredCheckpoint[];
}

export interface ExportSource {
  header: Omit<ExportHeader, 'type' | 'version'>;
  begin: Buffer[];
  pages: AsyncIterable<ExportPage>;
  rest: Buffer[];
  lastNote: string;
}

/** All lines of the export, with their line breaks. */
export async function* exportLines({ header, begin, pages, rest, lastNote }: ExportSource): AsyncGenerator<string> {
  const digest = createHash('sha256');
  let lines = 0;
  const add = (line: ExportLine): string => {
    const text = writeLine(line);
    digest.update(text);
    lines += 1;
    return text;
  };
  yield add({ type: 'attest-audit-export', version: exportVersion, ...header });
  yield add({ type: 'begin', hashes: begin });
  for await (const { records, checkpoints } of pages) {
    const waiting = [...checkpoints];
    for (const record of records) {
      for (; waiting[0] !== undefined && waiting[0].size <= record.seq; waiting.shift()) yield add({ type: 'checkpoint', note: waiting[0].note });
      yield add(recordLine(record, header.contents));
    }
    for (const { note } of waiting) yield add({ type: 'checkpoint', note });
  }
  yield add({ type: 'rest', hashes: rest });
  yield add({ type: 'checkpoint', note: lastNote });
  yield writeLine({ type: 'end', lines, sha256: digest.digest() });
}

function recordLine(record: StoredRecord, contents: boolean): ExportLine {
  const differs = differencesOf(record);
  return {
    type: 'record',
    seq: record.seq,
    leaf: record.kept ?? record.leaf_hash,
    body: record.body,
    ...(contents && record.content !== null ? { content: record.content } : {}),
    ...(differs.length > 0 ? { differs } : {}),
  };
}

const bodySchema = z.record(z.string(), z.unknown());

/** Columns that do not say what the record's bytes say. Bytes that cannot be read are left to the verifier. */
function differencesOf(record: StoredRecord): string[] {
  const body = parse(record.body);
  const columns = body === null ? [] : repeatedColumns.filter((name) => (body[name] ?? null) !== record[name]);
  return record.kept !== null && !record.kept.equals(record.leaf_hash) ? [...columns, 'leaf_hash'] : columns;
}

function parse(bytes: Buffer): Record<string, unknown> | null {
  try {
    return bodySchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
