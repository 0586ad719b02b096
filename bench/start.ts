/**
 * `npm run bench:start`: seconds and resident memory of each process from `npm start` to the first answered question, the
 * first time (empty data folder, pages not built) and later; with an embedder where ATTEST_TEST_EMBEDDER names one.
 * `--quick` keeps a build that is there. It drives the real `npm start` from outside, as a person does: signs in, asks,
 * reads the streamed answer. Nothing stands beside it: the aims are absolute.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { childEnvironment, scratchFolder, surroundings } from '#lib/env.ts';
import { freePort } from '../scripts/start/checks.ts';
import { ask, signInAs } from './ask-over-http.ts';
import { report, row } from './report.ts';

const root = path.resolve(import.meta.dirname, '..');
const aimMegabytes: Record<string, number> = { web: 350, ingest: 250, database: 700 };
const aimSeconds = { first: 120, later: 15 };

type Run = { readonly kind: 'first' | 'later'; readonly steps: Record<string, number>; readonly answerSeconds: number; readonly megabytes: Record<string, number> };

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });

async function measure(kind: Run['kind'], dataFolder: string): Promise<Run> {
  const port = await freePort(0);
  const address = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const child = spawn('npm', ['start', '--silent', '--', '--port', String(port), '--data', dataFolder, '--downloads', 'off', '--demo', 'on'], {
    cwd: root,
    env: childEnvironment({ ...surroundings(), DATABASE_URL: '', ATTEST_URL: '', LOG_LEVEL: 'info' }),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const steps: Record<string, number> = {};
  await untilPrinted(child, /^ {2}Open /, (line) => {
    const step = /^ {2}(\S.*?)\s+\d+\.\d s$/.exec(line)?.[1];
    if (step !== undefined) steps[step] = seconds();
  });
  const browser = await signInAs(address, 'employee');
  await ask(browser, address, 'How many days of leave may I carry into the next year?');
  const answerSeconds = seconds();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const megabytes = readMemory(child.pid ?? 0);
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await once(child, 'exit');
  return { kind, steps, answerSeconds, megabytes };
}

function untilPrinted(child: ChildProcess, pattern: RegExp, each: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        each(line);
        if (pattern.test(line)) resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
  });
}

/** Resident megabytes of every process below `pid`, by the name that the supervisor gave it. Linux only; empty elsewhere. */
function readMemory(pid: number): Record<string, number> {
  if (!fs.existsSync('/proc/self/status')) return {};
  const megabytes: Record<string, number> = {};
  const all = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => readProcess(Number(name)));
  const below = new Set([pid]);
  for (let grown = true; grown; ) {
    const more = all.filter((item) => below.has(item.parent) && !below.has(item.pid));
    for (const item of more) below.add(item.pid);
    grown = more.length > 0;
  }
  for (const item of all.filter(({ pid: id }) => below.has(id))) {
    const name = item.command.startsWith('attest-') ? item.command.slice(7).trim() : item.command.includes('scripts/start.ts') ? 'supervisor' : 'npm';
    megabytes[name] = Math.round((megabytes[name] ?? 0) + item.megabytes);
  }
  return megabytes;
}

type Measured = { readonly pid: number; readonly parent: number; readonly megabytes: number; readonly command: string };

function readProcess(pid: number): Measured[] {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return [{ pid, parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), megabytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024, command }];
  } catch {
    // It ended while being read.
    return [];
  }
}

function rowsOf(run: Run): ReturnType<typeof row>[] {
  return [
    ...Object.entries(run.steps).map(([step, seconds]) => row(`${run.kind} start, s: ${step}`, { ours: seconds })),
    row(`${run.kind} start, s: first question answered`, { ours: run.answerSeconds }, { atMost: aimSeconds[run.kind] }),
    ...Object.entries(run.megabytes).map(([name, megabytes]) => row(`${run.kind} start, MB: ${name}`, { ours: megabytes }, aimMegabytes[name] === undefined ? {} : { atMost: aimMegabytes[name] })),
  ];
}

/** A data folder whose models folder holds the embedder of the tests, where there is one. */
function makeDataFolder(): string {
  const folder = fs.mkdtempSync(path.join(scratchFolder, 'attest-bench-'));
  const embedder = surroundings()['ATTEST_TEST_EMBEDDER'];
  if (embedder !== undefined && embedder !== '') {
    fs.mkdirSync(path.join(folder, 'models'));
    fs.copyFileSync(embedder, path.join(folder, 'models', path.basename(embedder)));
  }
  return folder;
}

const dataFolder = makeDataFolder();
try {
  if (!options.quick) fs.rmSync(path.join(root, '.next'), { recursive: true, force: true });
  const runs = [await measure('first', dataFolder), await measure('later', dataFolder)];
  report(runs.flatMap(rowsOf), { title: `npm start on ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? 'unknown processor'}`, json: options.json });
} finally {
  fs.rmSync(dataFolder, { recursive: true, force: true });
}
