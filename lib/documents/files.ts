/**
 * Uploaded files on disk, in DATA_DIR/files/ab/<sha256>: a name is the hash of its content, so a file is stored once
 * and no name that somebody sent ever becomes a path. It knows nothing of documents or rights.
 *
 * A file waits in DATA_DIR/files/incoming under its hash until the version that names it is committed, and only then
 * moves to its place. So nothing is left behind when the transaction fails, and a file that was waiting when the
 * process ended is found there by its hash.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { env } from '../env.ts';
import { Problem } from '../errors.ts';

const sha256Pattern = /^[0-9a-f]{64}$/;

function filesFolder(): string {
  return path.join(env().DATA_DIR, 'files');
}

export function incomingFolder(): string {
  return path.join(filesFolder(), 'incoming');
}

/** Where the file with that hash belongs. Throws Problem 'not-found' for anything that is not a lower-case SHA-256. */
function placeOf(sha256: string): string {
  if (!sha256Pattern.test(sha256)) throw new Problem('not-found');
  return path.join(filesFolder(), sha256.slice(0, 2), sha256);
}

/** Moves a complete, flushed file to its place, for good. The same content being there already is no matter. */
export async function placeFile(temporary: string, sha256: string): Promise<void> {
  const place = placeOf(sha256);
  await mkdir(path.dirname(place), { recursive: true });
  await rename(temporary, place);
  await flushFolder(path.dirname(place));
}

/** A rename survives a power failure only once its folder was flushed. Some systems cannot open a folder; they need no flush. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(codeOf(error))) throw error;
  }
}

/** Path of the stored file, for a reader in another process. Throws Problem 'not-found' when it is not stored. */
export async function storedPath(sha256: string): Promise<string> {
  const place = placeOf(sha256);
  if (await exists(place)) return place;
  const waiting = (await namesIn(incomingFolder())).find((name) => name.startsWith(`${sha256}.`));
  // Another process may move it at the same moment; then it is in its place.
  if (waiting !== undefined) await placeFile(path.join(incomingFolder(), waiting), sha256).catch(() => undefined);
  if (await exists(place)) return place;
  throw new Problem('not-found', { detail: 'The stored file is missing. Restore DATA_DIR/files from a backup or upload the file again.' });
}

/** The bytes [start, end] of a file, counted from 0, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface OpenedFile {
  /** Bytes of the whole file. */
  bytes: number;
  range: ByteRange;
  stream: Readable;
}

/**
 * Opens a stored file, or the part of it that `choose` picks once the size is known.
 * Throws Problem 'not-found' when it is not stored.
 */
export async function openFile(sha256: string, choose: (bytes: number) => ByteRange = wholeFile): Promise<OpenedFile> {
  const place = await storedPath(sha256);
  const { size } = await stat(place);
  const range = choose(size);
  return { bytes: size, range, stream: createReadStream(place, { start: range.start, end: range.end }) };
}

export function wholeFile(bytes: number): ByteRange {
  return { start: 0, end: Math.max(0, bytes - 1) };
}

/** Removes a stored file. One that is not there is removed already. */
export async function removeFile(sha256: string): Promise<void> {
  await rm(placeOf(sha256), { force: true });
  const waiting = (await namesIn(incomingFolder())).filter((name) => name.startsWith(`${sha256}.`));
  await Promise.all(waiting.map((name) => rm(path.join(incomingFolder(), name), { force: true })));
}

export async function isStored(sha256: string): Promise<boolean> {
  return exists(placeOf(sha256));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Code of a system error such as 'ENOSPC', '' for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
