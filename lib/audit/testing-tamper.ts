/**
 * Kinds of tampering with the log, each as somebody would do it who has the database or the export in their hands. Where
 * the tree still knows the record, it must be named; where all that knew it was rewritten, the stretch between two
 * checkpoints, or, where those after it moved up, what no checkpoint vouches for.
 */
import { makeSigningKey, signCheckpoint, type SigningKey } from './checkpoint.ts';
import { repeatedColumns, type StoredCheckpoint, type StoredRecord } from './export-lines.ts';
import { leafHash, rootOf } from './merkle.ts';
import { endAnew, exportOf, readFrom, testRecord, type TestLog } from './testing-log.ts';
import { frontierAt } from './tree.ts';

export interface Tampered {
  lines: string[];
  /** The first record that is not as it was; null where no record is. */
  seq: number | null;
  /** Whether it must be named alone. */
  isExact: boolean;
}

export interface Tampering {
  log: TestLog;
  /** A position in the log. */
  at: number;
  random: () => number;
}

type Kind = (given: Tampering) => Promise<Tampered>;

const copy = (records: readonly StoredRecord[]): StoredRecord[] => records.map((record) => ({ ...record }));
const parse = (body: Buffer): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>;
const write = (body: Record<string, unknown>): Buffer => Buffer.from(JSON.stringify(body));
const texts = (given: Tampering, wanted: boolean): number => {
  const { records } = given.log;
  const fits = ({ content }: StoredRecord): boolean => (content !== null) === wanted;
  return records.find((record) => record.seq >= given.at && fits(record))?.seq ?? records.findLast(fits)?.seq ?? 0;
};

/** Changes rows of the database. */
const inRows = (change: (rows: StoredRecord[], given: Tampering) => { seq: number; isExact: boolean; rows?: StoredRecord[] }): Kind => async (given) => {
  const rows = copy(given.log.records);
  const done = change(rows, given);
  return { lines: await exportOf(given.log, { rows: done.rows ?? rows }), seq: done.seq, isExact: done.isExact };
};

/** Changes lines of an export. */
const inLines = (change: (lines: string[], given: Tampering) => { seq: number | null; lines?: string[]; isExact?: boolean; isEnded?: boolean }): Kind => async (given) => {
  const lines = await exportOf(given.log);
  const done = change(lines, given);
  const changed = done.lines ?? lines;
  return { lines: done.isEnded === true ? changed : endAnew(changed), seq: done.seq, isExact: done.isExact ?? done.seq !== null };
};

/** Changes the checkpoints. */
const inCheckpoints = (change: (checkpoints: StoredCheckpoint[], given: Tampering) => Promise<StoredCheckpoint[]> | StoredCheckpoint[]): Kind => async (given) => ({
  lines: await exportOf(given.log, { checkpoints: await change(given.log.checkpoints.map((checkpoint) => ({ ...checkpoint })), given) }), seq: null, isExact: false,
});

const columnKinds = Object.fromEntries(repeatedColumns.filter((name) => name !== 'seq').map((name) => [`the column ${name} is changed`, inRows((rows, { at }) => {
  const row = rows[at];
  if (row !== undefined) rows[at] = { ...row, [name]: name === 'at' ? '2026-11-23T11:00:00.000000Z' : 'changed' };
  return { seq: at, isExact: true };
})]));

function rewrite(row: StoredRecord, also: { hash?: boolean; tile?: boolean }): StoredRecord {
  const body = write({ ...parse(row.body), details: { tokens: 0, changed: true } });
  const hash = leafHash(body);
  return { ...row, body, leaf_hash: also.hash === true ? hash : row.leaf_hash, kept: also.tile === true && row.kept !== null ? hash : row.kept };
}

const changeRow = (change: (row: StoredRecord) => StoredRecord, isExact: (row: StoredRecord) => boolean = () => true): Kind => inRows((rows, { at }) => {
  const row = rows[at];
  if (row === undefined) throw new Error('There is no such row.');
  rows[at] = change(row);
  return { seq: at, isExact: isExact(row) };
});

const changeTexts = (wanted: boolean, content: (row: StoredRecord, rows: StoredRecord[]) => Buffer | null): Kind => inRows((rows, given) => {
  const seq = texts(given, wanted);
  const row = rows[seq];
  if (row !== undefined) rows[seq] = { ...row, content: content(row, rows) };
  return { seq, isExact: true };
});

/** Takes rows out, or puts some in, and numbers those after them anew: `deep` also in their bytes, hashes and the tree. */
function renumber(rows: StoredRecord[], given: readonly StoredRecord[], deep: boolean): StoredRecord[] {
  return rows.map((row, seq) => {
    const kept = given[seq]?.kept ?? null;
    if (!deep || row.seq === seq) return { ...row, seq, kept };
    const body = write({ ...parse(row.body), seq });
    return { ...row, seq, body, leaf_hash: leafHash(body), kept: kept === null ? null : leafHash(body) };
  });
}

const rowKinds: Record<string, Kind> = {
  'the bytes are changed': changeRow((row) => rewrite(row, {})),
  'the bytes are changed with their hash': changeRow((row) => rewrite(row, { hash: true }), (row) => row.kept !== null),
  'the bytes are changed with their hash and the tree': changeRow((row) => rewrite(row, { hash: true, tile: true }), () => false),
  'the hash alone is changed': changeRow((row) => ({ ...row, leaf_hash: leafHash(Buffer.from('another')) })),
  'texts are changed': changeTexts(true, () => Buffer.from('{"question":"another"}')),
  'one bit of the texts is changed': changeTexts(true, ({ content }) => Buffer.from(content ?? []).fill((content?.[3] ?? 0) ^ 1, 3, 4)),
  'texts are removed': changeTexts(true, () => null),
  'texts are added': changeTexts(false, () => Buffer.from('{"question":"never asked"}')),
  'texts of two records are exchanged': inRows((rows, given) => {
    const seq = texts(given, true);
    const other = rows.find((row) => row.content !== null && row.seq !== seq);
    const row = rows[seq];
    if (row === undefined || other === undefined) throw new Error('There are no two records with texts.');
    [rows[seq], rows[other.seq]] = [{ ...row, content: other.content }, { ...other, content: row.content }];
    return { seq: Math.min(seq, other.seq), isExact: true };
  }),
  'a record is deleted': inRows((rows, { at }) => ({ seq: at, isExact: true, rows: rows.filter(({ seq }) => seq !== at) })),
  'the first record is deleted': inRows((rows) => ({ seq: 0, isExact: true, rows: rows.slice(1) })),
  'the last record is deleted': inRows((rows) => ({ seq: rows.length - 1, isExact: true, rows: rows.slice(0, -1) })),
  'a stretch is deleted': inRows((rows, { at }) => ({ seq: at, isExact: true, rows: rows.filter(({ seq }) => seq < at || seq >= at + 5) })),
  'all records from here on are deleted': inRows((rows, { at }) => ({ seq: at, isExact: true, rows: rows.slice(0, at) })),
  'a record is deleted and those after it are numbered anew': inRows((rows, { at }) => ({ seq: at, isExact: true, rows: renumber(rows.toSpliced(at, 1), rows, false) })),
  'a record is deleted and all after it are rewritten with the tree': inRows((rows, { at }) => ({ seq: at, isExact: at === rows.length - 1, rows: renumber(rows.toSpliced(at, 1), rows, true) })),
  'a record is put in': inRows((rows, { at, random }) => {
    // Where the tree has not come yet, what was put in reads well, and the one after it does not.
    const shows = rows[at]?.kept === null && at + 1 < rows.length ? at + 1 : at;
    return { seq: shows, isExact: at + 1 < rows.length, rows: renumber(rows.toSpliced(at, 0, testRecord(at, random)), rows, false).slice(0, rows.length) };
  }),
  'a record stands twice': inRows((rows, given) => {
    const at = Math.min(given.at, rows.length - 2);
    return { seq: at + 1, isExact: true, rows: renumber(rows.toSpliced(at, 0, ...rows.slice(at, at + 1)), rows, false).slice(0, rows.length) };
  }),
  'two records are exchanged': inRows((rows, { at }) => {
    const [first, second] = at + 1 < rows.length ? [at, at + 1] : [at - 1, at];
    const [one, two] = [rows[first], rows[second]];
    if (one === undefined || two === undefined) throw new Error('There are no two rows.');
    [rows[first], rows[second]] = [{ ...two, seq: first }, { ...one, seq: second }];
    return { seq: first, isExact: true };
  }),
  'a record is numbered otherwise': changeRow((row) => ({ ...row, seq: row.seq + 0.5 })),
};

const noteLine = (note: string): string => `${JSON.stringify({ type: 'checkpoint', note })}\n`;
const indexOf = (lines: string[], type: string): number => lines.findIndex((line) => line.startsWith(`{"type":"${type}"`));

const checkpointKinds: Record<string, Kind> = {
  'a checkpoint is signed with another key': inCheckpoints((checkpoints, { at, log }) => sign(checkpoints, at, { log, key: makeSigningKey(log.signer.name) })),
  'all checkpoints are signed with another key': inCheckpoints(async (checkpoints, { log }) => {
    const other = makeSigningKey(log.signer.name);
    for (const index of checkpoints.keys()) await sign(checkpoints, index, { log, key: other });
    return checkpoints;
  }),
  'a checkpoint lost its signature': inCheckpoints((checkpoints, { at }) => note(checkpoints, at, (text) => text.slice(0, text.indexOf('\n\n') + 2))),
  'a checkpoint says another root': inCheckpoints((checkpoints, { at }) => note(checkpoints, at, (text) => text.replace(/\n(.)(.*)=\n\n/, (_, first: string, others: string) => `\n${first === 'A' ? 'B' : 'A'}${others}=\n\n`))),
  'a checkpoint says another size': inCheckpoints((checkpoints, { at }) => note(checkpoints, at, (text) => text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`))),
  'a second checkpoint of the same size, of other records, was signed': inCheckpoints((checkpoints, { at, log }) => {
    const index = at % checkpoints.length;
    const { size } = checkpoints[index] ?? { size: 0 };
    return checkpoints.toSpliced(index, 1, { size, note: signCheckpoint({ size, root: leafHash(Buffer.from('other records')) }, log.signer) });
  }),
  'a checkpoint of another log of the same key stands in': inCheckpoints(async (checkpoints, { at, log, random }) => {
    const index = at % checkpoints.length;
    const { size } = checkpoints[index] ?? { size: 0 };
    const others = Array.from({ length: size }, (_, seq) => testRecord(seq, random));
    return checkpoints.toSpliced(index, 1, { size, note: signCheckpoint({ size, root: rootOf(await frontierAt(size, readFrom(others))) }, log.signer) });
  }),
  'the last checkpoint is gone': inLines((lines) => ({ seq: null, lines: lines.filter((_, index) => index !== lines.length - 2) })),
  'a checkpoint stands twice': inLines((lines, { at, log }) => {
    const given = log.checkpoints[at % log.checkpoints.length];
    const index = lines.findIndex((line) => line === noteLine(given?.note ?? ''));
    return { seq: null, lines: lines.toSpliced(index, 0, lines[index] ?? '') };
  }),
  'a checkpoint stands elsewhere': inLines((lines) => {
    const index = indexOf(lines, 'checkpoint');
    return { seq: null, lines: lines.toSpliced(index, 1).toSpliced(index - 1, 0, lines[index] ?? '') };
  }),
};

function note(checkpoints: StoredCheckpoint[], at: number, change: (text: string) => string): StoredCheckpoint[] {
  const given = checkpoints[at % checkpoints.length];
  if (given !== undefined) given.note = change(given.note);
  return checkpoints;
}

async function sign(checkpoints: StoredCheckpoint[], at: number, { log, key }: { log: TestLog; key: SigningKey }): Promise<StoredCheckpoint[]> {
  const given = checkpoints[at % checkpoints.length];
  if (given !== undefined) given.note = signCheckpoint({ size: given.size, root: rootOf(await frontierAt(given.size, readFrom(log.records))) }, key);
  return checkpoints;
}

const recordLine = (lines: string[], at: number): number => lines.findIndex((line) => line.startsWith(`{"type":"record","seq":${at},`));
const swapIn = (line: string, member: string, change: (value: never) => unknown): string => {
  const value = JSON.parse(line) as Record<string, never>;
  return `${JSON.stringify({ ...value, [member]: change(value[member] as never) })}\n`;
};
const inRecordLine = (change: (line: string) => string): Kind => inLines((lines, { at }) => ({ seq: at, lines: lines.map((line, index) => (index === recordLine(lines, at) ? change(line) : line)) }));
const inHeader = (member: string, change: (value: number) => unknown): Kind => inLines((lines) => ({ seq: null, lines: lines.map((line, index) => (index === 0 ? swapIn(line, member, change) : line)) }));
const otherHash = leafHash(Buffer.from('another')).toString('base64');

const lineKinds: Record<string, Kind> = {
  'the leaf of a line is changed': inRecordLine((line) => swapIn(line, 'leaf', () => otherHash)),
  'the bytes of a line are changed': inRecordLine((line) => swapIn(line, 'body', (body) => Buffer.from(`${Buffer.from(body, 'base64').toString()} `).toString('base64'))),
  'a line has a member of its own': inRecordLine((line) => swapIn(line, 'said', () => 'more')),
  'a line is written in another way': inRecordLine((line) => line.replace('{', '{ ')),
  'a line is missing': inLines((lines, { at }) => ({ seq: at, lines: lines.filter((_, index) => index !== recordLine(lines, at)) })),
  'a line stands twice': inLines((lines, { at }) => ({ seq: at + 1, lines: lines.toSpliced(recordLine(lines, at), 0, lines[recordLine(lines, at)] ?? '') })),
  'the export is said to begin later': inHeader('from', (from) => from + 1),
  'the export is said to end earlier': inHeader('to', (to) => to - 1),
  'the log is said to be longer': inHeader('size', (size) => size + 1),
  'texts are said to be left out': inHeader('contents', () => false),
  'what stands before is changed': async (given) => {
    const lines = await exportOf(given.log, { from: Math.max(1, given.at) });
    return { lines: endAnew(lines.map((line) => (line.startsWith('{"type":"begin"') ? swapIn(line, 'hashes', (hashes: string[]) => [otherHash, ...hashes.slice(1)]) : line))), seq: null, isExact: false };
  },
  'what follows is changed': async (given) => {
    const lines = await exportOf(given.log, { to: Math.min(given.log.records.length - 1, given.at + 1) });
    return { lines: endAnew(lines.map((line) => (line.startsWith('{"type":"rest"') ? swapIn(line, 'hashes', (hashes: string[]) => [otherHash, ...hashes.slice(1)]) : line))), seq: null, isExact: false };
  },
  'the end is gone': inLines((lines) => ({ seq: null, lines: lines.slice(0, -1), isEnded: true })),
  'the end says another hash': inLines((lines) => ({ seq: null, lines: lines.map((line, index) => (index === lines.length - 1 ? swapIn(line, 'sha256', () => otherHash) : line)), isEnded: true })),
  'something follows the end': inLines((lines, { at }) => ({ seq: null, lines: [...lines, lines[recordLine(lines, at)] ?? ''], isEnded: true })),
  'the file is cut off anywhere': async (given) => {
    const text = (await exportOf(given.log)).join('');
    return { lines: [text.slice(0, Math.floor(given.random() * text.length))], seq: null, isExact: false };
  },
};

/** Every kind by what it does. */
export const kinds: Readonly<Record<string, Kind>> = { ...columnKinds, ...rowKinds, ...checkpointKinds, ...lineKinds };
