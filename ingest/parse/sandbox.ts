/**
 * Reads one file in a child process of its own, so that a hostile or broken file costs that child and nothing else.
 * Whatever happens in there, the caller gets a document or a `Problem` in words, within the time limit.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, open } from 'node:fs/promises';
import { Problem } from '#lib/errors.ts';
import type { Format, ParsedDocument } from '#lib/documents/types.ts';
import { limits as standard, type Limits } from '#ingest/limits.ts';
import { confinedCommand, findConfinement } from './confinement.ts';
import { parseResult } from './result.ts';

export interface SandboxOptions {
  path: string;
  format: Format;
  /** Ends the child; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Told once what the child took. */
  onUsage?: (usage: Usage) => void;
  /** Bounds on the child; what a reader takes from a file is always bounded by the standard ones. */
  limits?: Limits;
}

export interface Usage {
  wallMs: number;
  /** Most resident memory seen; 0 where the system does not tell. */
  residentBytes: number;
}

type Stop = 'time' | 'memory' | 'output' | 'aborted';

/** How a child ended and what it said. */
export interface Exit {
  stop: Stop | undefined;
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Parses the file at `path`. Throws a `Problem`: file-empty, file-encrypted, file-damaged, file-no-text,
 * file-type-mismatch, or file-too-complex when it takes more time or memory than `limits` allows.
 */
export async function parseInSandbox({ path, format, signal, onUsage, limits = standard }: SandboxOptions): Promise<ParsedDocument> {
  signal?.throwIfAborted();
  const confinement = await findConfinement();
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) throw new Problem('file-empty');
    const wallMs = timeFor(size, limits);
    const { program, parameters } = confinedCommand(confinement, { format, wallMs, limits });
    // The open file is the child's stdin: it needs no path and no right to open one.
    const child = spawn(program, parameters, { stdio: [file.fd, 'pipe', 'pipe'], env: { TZ: 'UTC', LANG: 'C.UTF-8', NODE_ENV: 'production' }, cwd: '/' });
    const exit = await watch(child, { wallMs, signal, onUsage, limits });
    signal?.throwIfAborted();
    return judge(exit, wallMs);
  } finally {
    await file.close();
  }
}

function timeFor(bytes: number, limits: Limits): number {
  return Math.min(limits.parseMsMax, limits.parseMsBase + Math.ceil(bytes / 1024 / 1024) * limits.parseMsPerMebibyte);
}

interface Watch {
  wallMs: number;
  signal: AbortSignal | undefined;
  onUsage: ((usage: Usage) => void) | undefined;
  limits: Limits;
}

/** Collects what the child says and stops it at the first limit that it passes. */
function watch(child: ChildProcess, { wallMs, signal, onUsage, limits }: Watch): Promise<Exit> {
  const started = performance.now();
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  let stderr = '';
  let stop: Stop | undefined;
  let residentBytes = 0;
  function end(reason: Stop): void {
    stop ??= reason;
    child.kill('SIGKILL');
  }
  child.stdout?.on('data', (piece: Buffer) => {
    stdoutBytes += piece.length;
    if (stdoutBytes > limits.resultBytesMax) end('output');
    else stdout.push(piece);
  });
  child.stderr?.on('data', (piece: Buffer) => {
    if (stderr.length < limits.stderrBytesMax) stderr += piece.toString('latin1').slice(0, limits.stderrBytesMax);
  });
  const onAbort = (): void => end('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => end('time'), wallMs);
  const watcher = setInterval(() => {
    void readResidentBytes(child.pid).then((bytes) => {
      residentBytes = Math.max(residentBytes, bytes);
      if (bytes > limits.childResidentBytesMax) end('memory');
    });
  }, limits.childWatchMs);
  return new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, exitSignal) => resolve({ stop, code, signal: exitSignal, stdout: Buffer.concat(stdout).toString('utf8'), stderr }));
  }).finally(() => {
    clearTimeout(timer);
    clearInterval(watcher);
    signal?.removeEventListener('abort', onAbort);
    onUsage?.({ wallMs: performance.now() - started, residentBytes });
  });
}

/** The most memory that the process has held, from Linux; 0 elsewhere, where only the heap limit holds. */
async function readResidentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The document that a child answered, or why there is none. Throws a `Problem`. */
export function judge(exit: Exit, wallMs: number): ParsedDocument {
  const ranOutOfMemory = /out of memory|heap limit|allocation failed|bad_alloc/i.test(exit.stderr);
  if (exit.stop === 'time' || exit.signal === 'SIGXCPU') throw tooComplex(`Reading the file took longer than ${Math.round(wallMs / 1000)} seconds and was stopped.`);
  if (exit.stop === 'output') throw tooComplex('The file holds more text than is read from one file.');
  if (exit.stop === 'memory' || ranOutOfMemory || exit.signal === 'SIGKILL') throw tooComplex('Reading the file took more memory than is allowed and was stopped.');
  if (exit.code !== 0) throw crashed(new Error(`The parsing child ended with ${exit.signal ?? `code ${exit.code}`}.`));
  const result = readResult(exit.stdout);
  if (result.outcome === 'refused') throw new Problem(result.code, { detail: result.detail });
  return result.document;
}

function readResult(stdout: string): ReturnType<typeof parseResult.parse> {
  try {
    return parseResult.parse(JSON.parse(stdout));
  } catch (cause) {
    throw crashed(cause);
  }
}

function tooComplex(happened: string): Problem {
  return new Problem('file-too-complex', { detail: `${happened} Split it into smaller files, or save it again in its own program.` });
}

function crashed(cause: unknown): Problem {
  return new Problem('file-damaged', { detail: 'The file made its reader fail, which usually means that it is damaged. Open it in its own program, save it again and upload that copy.', cause });
}
