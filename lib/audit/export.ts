/** Gives compliance the log as a file that verifies without us: page by page, so that no transaction waits for a browser. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { appendRecord } from './append.ts';
import { exportLines, type ExportPage, type StoredRecord } from './export-lines.ts';
import { hashBytes, subtrees } from './merkle.ts';
import { hashesIn } from './tree-rows.ts';
import { frontierAt, hashOf, tileWidth, TreeGap } from './tree.ts';

export const exportQuery = z.strictObject({
  /** First and last record, both included. Unset: the first, the last that is signed. */
  first: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  last: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Whether texts of questions, answers and passages are given too. */
  contents: z.enum(['with', 'without']).default('without'),
});
export type ExportQuery = z.infer<typeof exportQuery>;

export interface LogExport {
  fileName: string;
  /** May throw midway where the database goes away: what was given then is cut off, which a verifier says. */
  lines: AsyncGenerator<string>;
}

/** Records that it is done, and begins. Throws Problem 'not-found' where nothing of the range is signed. */
export async function exportLog(actor: Actor, query: ExportQuery): Promise<LogExport> {
  const begun = await transaction(actor, async (tx) => {
    const last = await tx.selectFrom('audit_checkpoints').select(['size', 'note']).orderBy('size', 'desc').limit(1).executeTakeFirst();
    if (last === undefined) throw new Problem('not-found', { detail: 'No record is signed yet. Records are signed within a minute; try again then.' });
    const { size, note: lastNote } = last;
    const [from, to] = [query.first, Math.min(size, (query.last ?? size) + 1)];
    if (from >= to) throw new Problem('not-found', { detail: `Signed are the records 0 to ${(size - 1).toLocaleString('en')}. Choose a range within them.` });
    const around = await readAround(tx, { from, to, size });
    const header = { from, to, size, contents: query.contents === 'with' };
    await appendRecord(tx, actor, { event: 'audit.exported', subject: { kind: 'record', id: String(from) }, details: { ...header } });
    return { header, lastNote, ...around };
  });
  const { from, to } = begun.header;
  return { fileName: `attest-audit-${from}-${to - 1}.jsonl`, lines: exportLines({ ...begun, pages: readPages(actor, begun.header) }) };
}

async function readAround(tx: Tx, { from, to, size }: { from: number; to: number; size: number }): Promise<{ begin: Buffer[]; rest: Buffer[] }> {
  try {
    const read = hashesIn(tx);
    const rest: Buffer[] = [];
    for (const node of subtrees(to, size)) rest.push(await hashOf(node, read));
    return { begin: (await frontierAt(from, read)).hashes, rest };
  } catch (error) {
    if (!(error instanceof TreeGap)) throw error;
    throw new Problem('not-found', { detail: `Record ${error.seq.toLocaleString('en')} is missing from the database, so a part of the log cannot be tied to its checkpoints. Export all of it.`, cause: error });
  }
}

/** In the tiles of the tree, which are read with their records. */
async function* readPages(actor: Actor, { from, to, size, contents }: { from: number; to: number; size: number; contents: boolean }): AsyncGenerator<ExportPage> {
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / tileWidth) + 1) * tileWidth);
    yield await transaction(actor, async (tx) => {
      const records = await selectRecords(tx, { start, end, contents });
      const checkpoints = await tx.selectFrom('audit_checkpoints').select(['size', 'note']).where('size', '>', start).where('size', '<=', end).where('size', '<', size).orderBy('size').execute();
      return { records, checkpoints };
    });
    start = end;
  }
}

async function selectRecords(tx: Tx, { start, end, contents }: { start: number; end: number; contents: boolean }): Promise<StoredRecord[]> {
  const tile = Math.floor(start / tileWidth);
  const leaves = (await tx.selectFrom('audit_tiles').select('leaves').where('level', '=', 1).where('index', '=', tile).executeTakeFirst())?.leaves ?? null;
  const rows = await tx.selectFrom('audit_records')
    .select(['seq', 'event', 'outcome', 'actor_id', 'actor_role', 'request_id', 'subject_kind', 'subject_id', 'collection_id', 'document_id', 'turn_id', 'body', 'leaf_hash'])
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'))
    .select(contents ? 'content' : sql<Buffer | null>`null`.as('content'))
    .where('seq', '>=', start).where('seq', '<', end).orderBy('seq').execute();
  return rows.map((row) => {
    const at = (row.seq - tile * tileWidth) * hashBytes;
    return { ...row, kept: leaves === null ? null : leaves.subarray(at, at + hashBytes) };
  });
}
