/**
 * Takes a file that is being uploaded: to disk as it arrives, hashed on the way, never held in memory whole.
 * Nothing of it stays unless the caller keeps it. It does not know what kind of file it is.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../errors.ts';
import { detectionBytes } from './detect.ts';
import { codeOf, incomingFolder, placeFile } from './files.ts';

export interface ReceiveLimits {
  bytesMax: number;
  /** What the sender announced; fewer bytes mean that the upload broke off. */
  bytesExpected?: number;
  /** Lower-case hex; a file with another hash was changed on its way. */
  sha256Expected?: string;
}

export interface ReceivedFile {
  sha256: string;
  bytes: number;
  /** The beginning of the file, as much as format detection looks at. */
  head: Uint8Array;
  /** Moves the file to its place. Call it once the version that names it is committed. */
  keep: () => Promise<void>;
  /** Removes the file. Does nothing after `keep`. */
  discard: () => Promise<void>;
}

/** Throws Problem 'file-too-large' for an announced size that is too large, before a byte is read. */
export function refuseTooLarge(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax) {
    throw new Problem('file-too-large', { detail: `The file is larger than ${describeBytes(bytesMax)}, the most this installation accepts. Nothing was kept.`, data: { bytesMax } });
  }
}

/**
 * Writes `source` to disk and flushes it.
 * Throws Problem: file-too-large, file-empty, file-incomplete (broken off, or another hash than announced), disk-full.
 */
export async function receiveFile(source: AsyncIterable<Uint8Array>, limits: ReceiveLimits): Promise<ReceivedFile> {
  const part = path.join(incomingFolder(), `${randomUUID()}.part`);
  try {
    await mkdir(incomingFolder(), { recursive: true });
    const written = await writePart(part, source, limits);
    refuseIncomplete(written, limits);
    const temporary = path.join(incomingFolder(), `${written.sha256}.${randomUUID()}`);
    await rename(part, temporary);
    return {
      ...written,
      keep: () => placeFile(temporary, written.sha256),
      discard: () => rm(temporary, { force: true }),
    };
  } catch (error) {
    await rm(part, { force: true });
    throw asStorageProblem(error);
  }
}

async function writePart(part: string, source: AsyncIterable<Uint8Array>, limits: ReceiveLimits) {
  const handle = await open(part, 'wx', 0o600);
  try {
    const written = await copy(source, handle, limits.bytesMax);
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
}

async function copy(source: AsyncIterable<Uint8Array>, handle: FileHandle, bytesMax: number) {
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readable(source)) {
    if (bytes < detectionBytes) head.push(chunk.slice(0, detectionBytes - bytes));
    bytes += chunk.length;
    refuseTooLarge(bytes, bytesMax);
    hash.update(chunk);
    await handle.writeFile(chunk);
  }
  return { bytes, sha256: hash.digest('hex'), head: new Uint8Array(Buffer.concat(head)) };
}

/** The same chunks; whatever breaks the source is a broken upload. */
async function* readable(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const step = await iterator.next().catch((cause: unknown) => {
        done = true;
        throw new Problem('file-incomplete', { cause });
      });
      done = step.done === true;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    // Tells the sender's stream that nobody reads on; how it takes that is its own matter.
    if (!done) await Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function refuseIncomplete(written: { bytes: number; sha256: string }, limits: ReceiveLimits): void {
  if (limits.bytesExpected !== undefined && written.bytes !== limits.bytesExpected) throw new Problem('file-incomplete');
  if (written.bytes === 0) throw new Problem('file-empty');
  if (limits.sha256Expected !== undefined && limits.sha256Expected !== written.sha256) {
    throw new Problem('file-incomplete', { detail: 'The file that arrived is not the file that was sent. Nothing was kept; upload it again.' });
  }
}

/** Full disks have their own words; other storage errors stay what they are. */
export function asStorageProblem(error: unknown): unknown {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error)) ? new Problem('disk-full', { cause: error }) : error;
}

const mebibyte = 1024 * 1024;

function describeBytes(bytes: number): string {
  return bytes >= mebibyte ? `${Math.floor(bytes / mebibyte)} MB` : `${bytes} bytes`;
}
