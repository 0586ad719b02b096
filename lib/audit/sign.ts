/**
 * Signs the log: when 256 records are new, or some are and the last checkpoint is 60 s old. Before it signs it holds the
 * database to the checkpoints that were given out before, in the database and in the file outside of it, and signs
 * nothing where they differ. Any number of processes may call it; a lock within the transaction lets one sign at a time.
 *
 * A checkpoint is committed first and then appended to the file. After a kill between the two the next call appends it,
 * so the file never knows of a checkpoint that the database has not committed.
 */
import { sql } from 'kysely';
import { ingestActor } from '../actor.ts';
import { lock } from '../db/lock.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { appendRecord } from './append.ts';
import { appendNotes, isFileUsed, lastInFile } from './checkpoint-file.ts';
import { CheckpointError, openCheckpoint, readVerifyingKey, signCheckpoint, type Checkpoint, type SigningKey, type VerifyingKey } from './checkpoint.ts';
import { logName, makeKeyFile, readKeyFile, type SigningFiles } from './key-file.ts';
import { databaseOlder, databaseOther, keyMissing, keyOther, recordsMissing } from './signing-problem.ts';
import { growTree, hashesIn } from './tree-rows.ts';
import { rootAt, TreeGap } from './tree.ts';

export const recordsPerCheckpoint = 256;
export const secondsPerCheckpoint = 60;
/** Whoever signs appends the note at once; one that is missing in the file for this long is appended by anybody. */
const othersMs = 5000;

export const signingLock = 'audit-signing';

/** What a key that signs stands for in the database. */
export interface KnownKey {
  number: number;
  verifier: string;
}

export interface Progress {
  /** Whether records wait that could be signed at once. */
  isBehind: boolean;
  signed: (Checkpoint & { note: string }) | null;
}

/** Compares, and signs what is due; `always` signs whatever is new. Throws SigningProblem where nothing may be signed. */
export async function signLog(files: SigningFiles, { always = false }: { always?: boolean } = {}): Promise<Progress> {
  const key = await openKey(files);
  const inFile = await lastInFile(files.checkpoints, readVerifyingKey(key.verifierText));
  await appendMissing(files, key, inFile?.size ?? 0);
  const progress = await transaction(ingestActor, async (tx) => {
    await lock(tx, signingLock);
    return signNext(tx, { key, inFile, always });
  }).catch((error: unknown) => {
    throw error instanceof TreeGap ? recordsMissing(error.seq) : error;
  });
  if (progress.signed !== null) await appendNotes(files.checkpoints, [progress.signed.note]);
  return progress;
}

/** Throws SigningProblem where the log may not be signed as it is. Changes nothing. */
export async function compareLog(files: SigningFiles): Promise<void> {
  const known = await readKnownKey();
  const key = await readKeyFile(files.key);
  if (key === null) throw keyMissing();
  if (known !== null && known.verifier !== key.verifierText) throw keyOther();
  const inFile = await lastInFile(files.checkpoints, readVerifyingKey(key.verifierText));
  await transaction(ingestActor, (tx) => compare(tx, inFile)).catch((error: unknown) => {
    throw error instanceof TreeGap ? recordsMissing(error.seq) : error;
  });
}

/** The key that signs this log. A log that was never signed gets one; any other must have its own. */
async function openKey(files: SigningFiles): Promise<SigningKey> {
  const known = await readKnownKey();
  const found = await readKeyFile(files.key);
  if (known !== null && found !== null) return known.verifier === found.verifierText ? found : Promise.reject(keyOther());
  if (known !== null || (found === null && (await isFileUsed(files.checkpoints)))) throw keyMissing();
  const key = found ?? (await makeKeyFile(files.key, logName())).key;
  await transaction(ingestActor, async (tx) => {
    await lock(tx, signingLock);
    const other = await selectKnownKey(tx);
    if (other !== undefined && other.verifier !== key.verifierText) throw keyOther();
    if (other === undefined) await takeKey(tx, key);
  });
  return key;
}

/** Makes the key the one that signs from now on, and records that. */
export async function takeKey(tx: Tx, key: SigningKey): Promise<void> {
  await tx.insertInto('audit_keys').values({ verifier: key.verifierText }).execute();
  await appendRecord(tx, ingestActor, { event: 'signing-key.taken', subject: { kind: 'setting', id: 'audit', name: key.name }, details: { verifier: key.verifierText } });
}

function selectKnownKey(tx: Tx): Promise<KnownKey | undefined> {
  return tx.selectFrom('audit_keys').select(['number', 'verifier']).orderBy('number', 'desc').limit(1).executeTakeFirst();
}

export async function readKnownKey(): Promise<KnownKey | null> {
  return (await transaction(ingestActor, selectKnownKey)) ?? null;
}

interface Step {
  key: SigningKey;
  inFile: Checkpoint | null;
  always: boolean;
}

async function signNext(tx: Tx, { key, inFile, always }: Step): Promise<Progress> {
  const size = await countRecords(tx, inFile);
  if (!(await growTree(tx, size))) return { isBehind: true, signed: null };
  await compare(tx, inFile);
  const last = await selectLast(tx);
  const isDue = always ? size > (last?.size ?? 0) : isEnough(size, last);
  if (!isDue) return { isBehind: false, signed: null };
  const known = await selectKnownKey(tx);
  if (known?.verifier !== key.verifierText) throw keyOther();
  const root = await rootAt(size, hashesIn(tx));
  const note = signCheckpoint({ size, root }, key);
  await tx.insertInto('audit_checkpoints').values({ size, root, note, key_number: known.number }).execute();
  return { isBehind: false, signed: { origin: key.name, size, root, note } };
}

/** Whether enough is new for a checkpoint. Looks at the database alone, and costs little. */
export async function isSigningDue(): Promise<boolean> {
  return transaction(ingestActor, async (tx) => {
    const { size } = await tx.selectFrom('audit_head').select('size').executeTakeFirstOrThrow();
    return isEnough(size, await selectLast(tx));
  });
}

function isEnough(size: number, last: { size: number; isOld: boolean } | undefined): boolean {
  if (last === undefined) return size > 0;
  return size - last.size >= recordsPerCheckpoint || (size > last.size && last.isOld);
}

/** How many records there are. Throws SigningProblem where more were signed. */
async function countRecords(tx: Tx, inFile: Checkpoint | null): Promise<number> {
  const { size } = await tx.selectFrom('audit_head').select('size').executeTakeFirstOrThrow();
  const signed = Math.max(inFile?.size ?? 0, (await selectLast(tx))?.size ?? 0);
  if (signed > size) throw databaseOlder(size, signed);
  return size;
}

/** Holds the records to the last checkpoints that were given out. */
async function compare(tx: Tx, inFile: Checkpoint | null): Promise<void> {
  await countRecords(tx, inFile);
  for (const given of [inFile, await selectLast(tx)]) {
    if (given === null || given === undefined) continue;
    if (!(await rootAt(given.size, hashesIn(tx))).equals(given.root)) throw databaseOther(given.size);
  }
}

/** A clock that was set back makes the last one old at once: better one checkpoint too many than none for a year. */
function selectLast(tx: Tx) {
  return tx.selectFrom('audit_checkpoints')
    .select(['size', 'root', sql<boolean>`signed_at > clock_timestamp() or signed_at <= clock_timestamp() - make_interval(secs => ${secondsPerCheckpoint})`.as('isOld')])
    .orderBy('size', 'desc').limit(1).executeTakeFirst();
}

/** Appends to the file what the database has signed beyond `size` and did not get there: its process was killed in between, or the disk was full. */
async function appendMissing(files: SigningFiles, key: SigningKey, size: number): Promise<void> {
  const rows = await transaction(ingestActor, (tx) => tx.selectFrom('audit_checkpoints as c').innerJoin('audit_keys as k', 'k.number', 'c.key_number')
    .select(['c.note', 'c.size']).where('k.verifier', '=', key.verifierText).where('c.size', '>', size)
    .where(sql<boolean>`(c.signed_at > clock_timestamp() or c.signed_at <= clock_timestamp() - make_interval(secs => ${othersMs / 1000}))`)
    .orderBy('c.size').execute());
  if (rows.length === 0) return;
  const verifier = readVerifyingKey(key.verifierText);
  const bad = rows.find(({ note }) => !isGood(note, verifier));
  if (bad !== undefined) throw databaseOther(bad.size);
  await appendNotes(files.checkpoints, rows.map(({ note }) => note));
}

function isGood(note: string, verifier: VerifyingKey): boolean {
  try {
    openCheckpoint(note, verifier);
    return true;
  } catch (error) {
    if (error instanceof CheckpointError) return false;
    throw error;
  }
}
