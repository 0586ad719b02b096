/**
 * One process under supervision: started, watched until it is ready, started again when it ends by itself, stopped.
 * It knows nothing of what the process does.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '#lib/env.ts';
import { readLogLine, type LogLine } from './logs.ts';

const readyMsMax = 60_000;
const pollMs = 100;
const stopMsMax = 12_000;
const restartMsMin = 500;
const restartMsMax = 30_000;
/** A process that ran this long has recovered: the next restart waits the shortest time again. */
const steadyMs = 60_000;

export type Part = {
  readonly name: string;
  /** The file that node runs, with its arguments. */
  readonly entry: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Address that answers below 500 when the part is ready; without one, its first line on stdout says so. */
  readonly health?: string;
};

export type Watcher = { line: (part: string, line: LogLine, raw: string) => void };

export class Child {
  readonly part: Part;
  readonly #watcher: Watcher;
  #process: ChildProcess | undefined;
  #stopping = false;
  #settled = false;
  #failures = 0;
  #lastComplaint = '';
  #announce: () => void = () => {};

  constructor(part: Part, watcher: Watcher) {
    this.part = part;
    this.#watcher = watcher;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the process and resolves when it is ready. Throws its own last words when it ends before, or after 60 s. */
  async start(): Promise<void> {
    const announced = new Promise<void>((resolve) => (this.#announce = resolve));
    this.#spawn();
    const giveUp = new AbortController();
    try {
      await Promise.race([
        this.part.health === undefined ? announced : untilHealthy(this.part.health, giveUp.signal),
        this.#endBeforeReady(giveUp.signal),
        sleep(readyMsMax, undefined, { signal: giveUp.signal }).then(() => {
          throw new Error(`The ${this.part.name} process did not become ready within ${readyMsMax / 1000} s.`);
        }),
      ]);
      this.#settled = true;
    } finally {
      giveUp.abort();
    }
  }

  /** Asks the process to end and waits; kills it after 12 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = this.#process;
    if (!running || hasEnded(running)) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), stopMsMax);
    await ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#stopping = true;
    this.#process?.kill('SIGKILL');
  }

  #spawn(): void {
    const started = performance.now();
    const withParent = path.join(import.meta.dirname, 'with-parent.ts');
    const child = spawn(
      process.execPath,
      [`--title=attest-${this.part.name}`, ...(this.part.nodeOptions ?? []), '--import', withParent, ...this.part.entry],
      // A group of its own: Ctrl-C reaches the supervisor only, which then stops the processes in order.
      { env: childEnvironment(this.part.environment), detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    this.#process = child;
    this.#read(child);
    child.once('error', (error) => this.#say({ level: 50, message: error.message, text: error.message }));
    child.once('exit', (code, signal) => {
      if (this.#stopping || !this.#settled) return;
      this.#restart(signal ?? `exit code ${code}`, performance.now() - started);
    });
  }

  #read(child: ChildProcess): void {
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#announceOrSay(line));
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (raw) => {
        const line = readLogLine(raw);
        // Of an uncaught error's lines, the one that names it; of log lines, the last.
        const complaint = raw.startsWith('{') ? line.message : (/^(?:Uncaught )?\w*Error: (.+)$/.exec(raw)?.[1] ?? '');
        if (complaint !== '') this.#lastComplaint = complaint;
        this.#watcher.line(this.part.name, line, raw);
      });
    }
  }

  #announceOrSay(raw: string): void {
    this.#announce();
    this.#watcher.line(this.part.name, { ...readLogLine(raw), level: 30 }, raw);
  }

  #restart(reason: string, ranMs: number): void {
    this.#failures = ranMs > steadyMs ? 1 : this.#failures + 1;
    const waitMs = Math.min(restartMsMin * 2 ** (this.#failures - 1), restartMsMax);
    const text = `The ${this.part.name} process ended (${reason}). It is started again in ${waitMs / 1000} s.`;
    this.#say({ level: 40, message: text, text });
    setTimeout(() => {
      if (!this.#stopping) this.#spawn();
    }, waitMs);
  }

  #say(line: LogLine): void {
    this.#watcher.line(this.part.name, line, JSON.stringify({ level: line.level, time: Date.now(), part: 'start', msg: line.text }));
  }

  async #endBeforeReady(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#process && hasEnded(this.#process)) {
        // The last lines may still be on their way through the pipe.
        await sleep(pollMs);
        throw new Error(`The ${this.part.name} process did not start. ${this.#lastComplaint}`);
      }
      await sleep(pollMs);
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function untilHealthy(address: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // Not listening yet.
    }
    await sleep(pollMs);
  }
}
