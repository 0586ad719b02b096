/**
 * For tests: starts the real models process over a folder of real model files. The files named by ATTEST_TEST_GENERATOR
 * and ATTEST_TEST_EMBEDDER where those are set, else tiny ones written on the spot. Used by tests and benchmarks only.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { surroundings } from '#lib/env.ts';
import { modelsProcessEnvironment } from './cores.ts';
import { placeFile, tinyEmbedder, tinyGenerator } from './testing-gguf.ts';
import type { ModelRole, ModelsStatus } from './types.ts';

const main = fileURLToPath(new URL('server/main.ts', import.meta.url));

/** Real files for tests, where the machine has them. */
export function testModelFiles(): { generator: string | undefined; embedder: string | undefined; vocabulary: string | undefined } {
  const { ATTEST_TEST_GENERATOR, ATTEST_TEST_EMBEDDER, ATTEST_TEST_VOCAB } = surroundings();
  return { generator: ATTEST_TEST_GENERATOR || undefined, embedder: ATTEST_TEST_EMBEDDER || undefined, vocabulary: ATTEST_TEST_VOCAB || undefined };
}

/** Puts a file into a models folder as if it had lain there for long: the bytes, or a link to an existing file. */
export async function addModel(folder: string, file: string, source: Buffer | string): Promise<void> {
  const place = path.join(folder, file);
  if (typeof source === 'string') return symlink(source, place);
  await placeFile(place, source);
  const hourAgo = Date.now() / 1000 - 3600;
  await utimes(place, hourAgo, hourAgo);
}

/** A fresh folder with a model for each role: real files where the environment names them. */
export async function makeModelsDir(roles: readonly ModelRole[] = ['generator', 'embedder']): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'attest-models-'));
  const real = testModelFiles();
  if (roles.includes('generator')) await addModel(folder, 'test-generator.gguf', real.generator ?? tinyGenerator());
  if (roles.includes('embedder')) await addModel(folder, 'test-embedder.gguf', real.embedder ?? tinyEmbedder());
  if (roles.includes('reranker')) await addModel(folder, 'test-reranker.gguf', tinyEmbedder({ ranks: true, name: 'tiny-reranker' }));
  return folder;
}

export type ModelsProcessOptions = Readonly<{
  /** Unset: a fresh folder with a generator and an embedder, deleted by `stop`. */
  modelsDir?: string;
  /** Roles to wait for before giving the process out. Default: generator and embedder when the folder is ours, else none. */
  ready?: readonly ModelRole[];
  /** Further variables, for example MODELS_DOWNLOAD. */
  variables?: Readonly<Record<string, string>>;
  port?: number;
}>;

export type ModelsProcess = Readonly<{
  url: string;
  key: string;
  modelsDir: string;
  pid: number;
  /** Everything the process logged so far. */
  log: () => string;
  status: () => Promise<ModelsStatus>;
  /** Waits until the status satisfies `condition`; throws with the last status after `ms`. */
  waitFor: (condition: (status: ModelsStatus) => boolean, ms?: number) => Promise<ModelsStatus>;
  /** SIGTERM, and the exit code. */
  stop: () => Promise<number | null>;
}>;

/** Starts the models process on a free port of 127.0.0.1. */
export async function startModelsProcess(options: ModelsProcessOptions = {}): Promise<ModelsProcess> {
  const modelsDir = options.modelsDir ?? (await makeModelsDir());
  const key = randomBytes(16).toString('hex');
  const { PATH = '', HOME = '' } = surroundings();
  const child = spawn(process.execPath, [main], {
    env: {
      PATH, HOME, NODE_ENV: 'test', LOG_LEVEL: 'info', MODELS_DIR: modelsDir, MODELS_KEY: key, MODELS_PORT: String(options.port ?? 0),
      MODELS_DOWNLOAD: 'off', ...modelsProcessEnvironment(), ...options.variables,
    },
    // The channel lets the process end with a test that dies.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let logged = '';
  child.stderr?.on('data', (piece: Buffer) => (logged += piece.toString('utf8')));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const port = await waitForPort(() => logged, () => child.exitCode);
  const url = `http://127.0.0.1:${port}`;
  const status = async (): Promise<ModelsStatus> => {
    const response = await fetch(`${url}/v1/attest/status`, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as ModelsStatus;
  };
  const waitFor: ModelsProcess['waitFor'] = async (condition, ms = 30_000) => {
    for (const end = Date.now() + ms; ; await sleep(50)) {
      const now = await status();
      if (condition(now)) return now;
      if (Date.now() > end) throw new Error(`The models process did not get there: ${JSON.stringify(now)}\n${logged}`);
    }
  };
  const stop = async () => {
    child.kill('SIGTERM');
    const code = await exited;
    if (options.modelsDir === undefined) await rm(modelsDir, { recursive: true, force: true });
    return code;
  };
  const ready = options.ready ?? (options.modelsDir === undefined ? (['generator', 'embedder'] as const) : []);
  await waitFor((now) => ready.every((role) => now.roles[role].state === 'ready')).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, key, modelsDir, pid: child.pid ?? 0, log: () => logged, status, waitFor, stop };
}

async function waitForPort(log: () => string, exitCode: () => number | null): Promise<number> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) {
    const port = /"port":(\d+)[^\n]*models process listens/.exec(log())?.[1];
    if (port !== undefined) return Number(port);
    if (exitCode() !== null) break;
  }
  throw new Error(`The models process did not start:\n${log()}`);
}
