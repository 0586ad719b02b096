/** A log in memory, made as the database makes it, and exports of it: for tests that need thousands of them. */
import { createHash } from 'node:crypto';
import { makeSigningKey, readVerifyingKey, signCheckpoint, type SigningKey, type VerifyingKey } from './checkpoint.ts';
import { exportLines, type StoredCheckpoint, type StoredRecord } from './export-lines.ts';
import { leafHash, subtrees } from './merkle.ts';
import { fold, frontierAt, hashOf, rootAt, tileWidth, type ReadHashes } from './tree.ts';

/** Numbers that follow from a seed, evenly spread in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface TestLog {
  signer: SigningKey;
  verifier: VerifyingKey;
  records: StoredRecord[];
  /** Ascending; the last is of all records. */
  checkpoints: StoredCheckpoint[];
}

export const repeated = { event: 'question.answered', outcome: 'answered', actor_role: 'employee', subject_kind: 'turn' } as const;

/** A record as lib/audit/append.ts writes it. Two of three have texts. */
export function testRecord(seq: number, random: () => number): StoredRecord {
  const id = (): string => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;
  const content = seq % 3 === 2 ? null : Buffer.from(JSON.stringify({ question: `Question ${seq} ${hex(random, 12)}`, answer: 'Two weeks [1].' }));
  const columns = {
    seq, at: `2026-11-23T10:00:00.${String(100_000 + seq * 7).padStart(6, '0')}Z`, ...repeated, actor_id: id(), request_id: id(), subject_id: id(), collection_id: id(), document_id: id(), turn_id: id(),
  };
  const body = Buffer.from(JSON.stringify({ v: 1, id: id(), ...columns, subject_name: null, details: { tokens: seq }, content_sha256: content === null ? null : sha256(content) }));
  return { ...columns, body, content, leaf_hash: leafHash(body), kept: null };
}

const hex = (random: () => number, length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A log of that size, signed at irregular steps of at most 60 records. */
export async function testLog(size: number, random: () => number): Promise<TestLog> {
  const signer = makeSigningKey('attest.example.test/log');
  const records = Array.from({ length: size }, (_, seq) => testRecord(seq, random));
  keepLeaves(records);
  const checkpoints: StoredCheckpoint[] = [];
  for (let at = 0; at < size; ) {
    at = Math.min(size, at + 1 + Math.floor(random() * 60));
    checkpoints.push({ size: at, note: signCheckpoint({ size: at, root: await rootAt(at, readFrom(records)) }, signer) });
  }
  return { signer, verifier: readVerifyingKey(signer.verifierText), records, checkpoints };
}

/** Gives records in complete tiles the hash that the tree keeps of them. */
export function keepLeaves(records: StoredRecord[]): void {
  const complete = Math.floor(records.length / tileWidth) * tileWidth;
  for (const [seq, record] of records.entries()) record.kept = seq < complete ? record.leaf_hash : null;
}

export function readFrom(records: readonly StoredRecord[]): ReadHashes {
  const read = async (level: number, start: number, end: number): Promise<Buffer[]> => {
    if (level === 0) return records.slice(start, end).map(({ leaf_hash: hash }) => hash);
    const hashes: Buffer[] = [];
    for (let index = start; index < end; index += 1) hashes.push(...fold(await read(level - 1, index * tileWidth, (index + 1) * tileWidth)));
    return hashes;
  };
  return read;
}

/** Lines of an export of [from, to), of what may have been tampered with since `log` was signed. */
export async function exportOf(log: TestLog, { from = 0, to, rows = log.records, checkpoints = log.checkpoints }: { from?: number; to?: number; rows?: readonly StoredRecord[]; checkpoints?: readonly StoredCheckpoint[] } = {}): Promise<string[]> {
  const last = checkpoints.at(-1) ?? { size: 0, note: '' };
  const until = to ?? last.size;
  const read = readFrom(log.records);
  const rest: Buffer[] = [];
  for (const node of subtrees(until, last.size)) rest.push(await hashOf(node, read));
  const inside = (seq: number): boolean => seq >= from && seq < until;
  const page = { records: rows.filter(({ seq }) => inside(seq)), checkpoints: checkpoints.filter(({ size }) => size > from && size <= until && size < last.size) };
  const lines: string[] = [];
  for await (const line of exportLines({
    header: { from, to: until, size: last.size, contents: true }, begin: (await frontierAt(from, read)).hashes, rest, lastNote: last.note,
    pages: (async function* () { yield await Promise.resolve(page); })(),
  })) lines.push(line);
  return lines;
}

/** Writes the end anew after other lines were changed, as somebody would who knows the format. */
export function endAnew(lines: readonly string[]): string[] {
  const kept = lines.slice(0, -1);
  return [...kept, `${JSON.stringify({ type: 'end', lines: kept.length, sha256: createHash('sha256').update(kept.join('')).digest('base64') })}\n`];
}
