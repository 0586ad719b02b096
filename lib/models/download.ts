/**
 * Downloads one model file: streamed to `<file>.part`, resumed after a break, checked against its SHA-256 and its own
 * header, and only then given its name. A file under its final name is therefore always whole.
 * Knows nothing about roles or which models exist.
 */
import { open, rename, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#lib/errors.ts';
import { discardPart, readEtag, saveEtag, sizeOf } from './download-part.ts';
import { readGgufHeader } from './gguf.ts';
import { hashFile } from './hash.ts';

export type DownloadProgress = Readonly<{ state: 'downloading' | 'verifying'; bytesDone: number; bytesTotal: number | null }>;

export type DownloadOptions = Readonly<{
  url: string;
  /** Final path; the folder exists. */
  file: string;
  /** Hex. */
  sha256: string;
  /** Expected size, where known. */
  bytes?: number;
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
  /** Attempts in a row that may fail without one new byte. */
  attemptsMax?: number;
  /** Wait before attempt n (from 1), in milliseconds. */
  waitMs?: (attempt: number) => number;
  /** Silence of the server that counts as a broken connection. */
  silenceMsMax?: number;
}>;

/** A failure that a later attempt may cure. */
class Interrupted extends Error {}

const growingWait = (attempt: number) => Math.min(30_000, 500 * 2 ** attempt);
const number = (bytes: number) => bytes.toLocaleString('en-US');

/**
 * Resolves when `file` is in place. Throws `model-unavailable` when the server cannot be reached or lacks the file
 * (what arrived is kept and resumed next time), `disk-full`, or `model-file-invalid` (what arrived is deleted).
 */
export async function downloadModel(options: DownloadOptions): Promise<void> {
  const part = `${options.file}.part`;
  const attemptsMax = options.attemptsMax ?? 5;
  for (let attempt = 1, before = await sizeOf(part); ; attempt += 1) {
    try {
      await fetchRest(options, part);
      break;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      const now = await sizeOf(part);
      if (now > before) attempt = 0;
      before = now;
      if (attempt >= attemptsMax) throw unreachable(options.url, error);
      await sleep((options.waitMs ?? growingWait)(attempt), undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }
  await verify(options, part);
  await rename(part, options.file);
  await discardPart(part);
}

/** One attempt: asks for the bytes that are missing and appends them. */
async function fetchRest(options: DownloadOptions, part: string): Promise<void> {
  const have = await sizeOf(part);
  if (options.bytes !== undefined && have === options.bytes) return;
  const silence = new AbortController();
  const signal = options.signal === undefined ? silence.signal : AbortSignal.any([options.signal, silence.signal]);
  const timer = setTimeout(() => silence.abort(), options.silenceMsMax ?? 60_000);
  try {
    const response = await request(options.url, { have, etag: await readEtag(part), signal });
    const plan = await planBody(response, { options, part, have });
    if (plan === 'complete') return;
    await append(response, { options, part, ...plan, onBytes: () => timer.refresh() });
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: string, known: { have: number; etag: string | undefined; signal: AbortSignal }): Promise<Response> {
  const headers = new Headers({ 'accept-encoding': 'identity' });
  if (known.have > 0) headers.set('range', `bytes=${known.have}-`);
  if (known.have > 0 && known.etag !== undefined) headers.set('if-range', known.etag);
  try {
    return await fetch(url, { headers, signal: known.signal, redirect: 'follow' });
  } catch (error) {
    throw new Interrupted('the server could not be reached', { cause: error });
  }
}

type BodyPlan = { from: number; total: number | null };

/** Decides from status and headers where the body belongs: behind what is there, or at the beginning. */
async function planBody(response: Response, known: { options: DownloadOptions; part: string; have: number }): Promise<BodyPlan | 'complete'> {
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const total = range?.[2] === undefined || range[2] === '*' ? null : Number(range[2]);
  if (response.status === 206 && range?.[1] === String(known.have)) return checkSize(known, { from: known.have, total });
  if (response.status === 200) {
    const length = response.headers.get('content-length');
    return checkSize(known, { from: 0, total: length === null ? null : Number(length) });
  }
  await response.body?.cancel();
  if (response.status === 416 && total === known.have) return 'complete';
  if (response.status === 416 || response.status === 206) {
    await discardPart(known.part);
    throw new Interrupted('the server could not go on where the download broke off');
  }
  if (response.status === 429 || response.status >= 500) throw new Interrupted(`the server answered with status ${response.status}`);
  throw new Problem('model-unavailable', { detail: `${hostOf(known.options.url)} does not give out this model (status ${response.status}).` });
}

async function checkSize(known: { options: DownloadOptions; part: string; have: number }, plan: BodyPlan): Promise<BodyPlan> {
  const { options } = known;
  if (options.bytes !== undefined && plan.total !== null && plan.total !== options.bytes) {
    throw new Problem('model-file-invalid', {
      detail: `${hostOf(options.url)} offers a file of ${number(plan.total)} bytes where ${number(options.bytes)} were expected, so it was not downloaded.`,
    });
  }
  const missing = (plan.total ?? options.bytes ?? 0) - plan.from;
  const disk = await statfs(path.dirname(known.part));
  const free = disk.bavail * disk.bsize + (known.have - plan.from);
  if (missing > free) throw diskFull(missing - free);
  return plan;
}

type Append = BodyPlan & { options: DownloadOptions; part: string; onBytes: () => void };

async function append(response: Response, { options, part, from, total, onBytes }: Append): Promise<void> {
  const etag = response.headers.get('etag');
  // A weak validator must not be used to join two halves.
  if (from === 0) await saveEtag(part, etag?.startsWith('"') ? etag : undefined);
  const expected = total ?? options.bytes ?? null;
  const file = await open(part, from === 0 ? 'w' : 'a');
  let done = from;
  try {
    for await (const piece of response.body ?? []) {
      await file.writev([piece]);
      done += piece.length;
      onBytes();
      options.onProgress?.({ state: 'downloading', bytesDone: done, bytesTotal: expected });
      if (expected !== null && done > expected) break;
    }
    await file.sync();
  } catch (error) {
    if (isNoSpace(error)) throw diskFull((expected ?? done) - done, error);
    throw new Interrupted('the connection broke off', { cause: error });
  } finally {
    await file.close();
  }
  if (expected !== null && done < expected) throw new Interrupted('the connection ended early');
}

async function verify(options: DownloadOptions, part: string): Promise<void> {
  const bytesTotal = await sizeOf(part);
  const sha256 = await hashFile(part, (bytesDone) => options.onProgress?.({ state: 'verifying', bytesDone, bytesTotal }));
  if (sha256 !== options.sha256) {
    await discardPart(part);
    throw new Problem('model-file-invalid', {
      detail: `What arrived from ${hostOf(options.url)} is not the expected model: its SHA-256 is ${sha256}, expected was ${options.sha256}. It was deleted.`,
    });
  }
  try {
    await readGgufHeader(part);
  } catch (error) {
    await discardPart(part);
    throw error;
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function diskFull(missing: number, cause?: unknown): Problem {
  const detail = `There is no room left in the models folder: about ${number(Math.max(1, missing))} more bytes are needed. What arrived so far is kept.`;
  return new Problem('disk-full', { detail, cause });
}

function unreachable(url: string, error: Interrupted): Problem {
  const detail = `The model could not be downloaded from ${hostOf(url)}: ${error.message}. What arrived so far is kept, and the download goes on later.`;
  return new Problem('model-unavailable', { detail, cause: error });
}
