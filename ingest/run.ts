/**
 * The whole way of one uploaded file into the index, step by step: claim, read (which cleans), split, store, embed, publish.
 * Every step may be interrupted and the whole is then done again. All decisions about failures stand here.
 */
import { storedPath } from '#lib/documents/files.ts';
import type { ParsedDocument } from '#lib/documents/types.ts';
import { Problem, problems } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { embedVersion } from './embed.ts';
import { claim, LeaseLost, type Lease } from './lease.ts';
import { parseInSandbox } from './parse/sandbox.ts';
import { split } from './split.ts';
import { clear, noteFailure, noteReading, publish, storeBlocks, storeChunks } from './store.ts';

const log = logger('ingest');

/** After this many retries a failure that might have passed is told to people. The queue itself stops there too. */
export const retriesMax = 3;

/**
 * Brings a version into the index, or ends it as failed with a sentence for people. Throws when trying again later
 * may help (database or disk away, this process is stopping); the queue then delivers the job once more.
 */
export async function ingestVersion(versionId: string, job: { signal: AbortSignal; attempt: number }): Promise<void> {
  const started = performance.now();
  const lease = await claim(versionId);
  if (lease === null) return;
  try {
    await bringIn(lease, job.signal);
    log.info({ versionId, ms: Math.round(performance.now() - started) }, 'version ready');
  } catch (error) {
    if (error instanceof LeaseLost) return log.info({ versionId }, 'version was deleted or taken up by another worker');
    if (job.signal.aborted || !(isFinal(error) || job.attempt >= retriesMax)) throw error;
    await end(lease, error);
  }
}

async function bringIn(lease: Lease, signal: AbortSignal): Promise<void> {
  const parsed = await read(lease, signal);
  const chunks = await split(parsed.blocks);
  if (chunks.length === 0) throw new Problem('file-no-text');
  await clear(lease);
  await noteReading(lease, parsed, chunks.length);
  await storeBlocks(lease, parsed.blocks);
  signal.throwIfAborted();
  await storeChunks(lease, chunks);
  // A version without vectors, or with some, is found by its words; ingest/watch.ts queues the rest.
  await embedVersion(lease, signal);
  await publish(lease);
}

async function read(lease: Lease, signal: AbortSignal): Promise<ParsedDocument> {
  const path = await storedPath(lease.sha256).catch((cause: unknown) => {
    throw new Error('The stored file is missing.', { cause });
  });
  return parseInSandbox({ path, format: lease.format, signal });
}

/** A file that cannot be read will not be readable a minute later; anything else may pass. */
function isFinal(error: unknown): boolean {
  return error instanceof Problem && error.code.startsWith('file-');
}

/** Ends a version as failed that no job stands for any more: the process that read it ended every time. */
export async function giveUp(versionId: string): Promise<void> {
  const lease = await claim(versionId);
  if (lease !== null) await end(lease, new Error('Every attempt to read this version ended the reading process.'));
}

async function end(lease: Lease, error: unknown): Promise<void> {
  log.warn({ versionId: lease.versionId, error }, 'version failed');
  const problem = isFinal(error) && error instanceof Problem
    ? { code: error.code, detail: error.message }
    : { code: 'internal', detail: `${problems.internal[1].split('.')[0]}. The file was kept; try again, and tell whoever runs this installation if it fails once more.` };
  try {
    await clear(lease);
    await noteFailure(lease, problem);
  } catch (lost) {
    if (!(lost instanceof LeaseLost)) throw lost;
  }
}
