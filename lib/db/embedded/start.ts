/**
 * Starts the embedded database as a child process and waits until it takes connections.
 * Used by tests; `npm start` starts the same entry under its supervisor.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { childEnvironment, surroundings } from '#lib/env.ts';

/** The entry that `node` runs. */
export const embeddedDatabaseEntry = path.join(import.meta.dirname, 'main.ts');

export type EmbeddedDatabase = {
  /** Connection address. Any user name works and is the superuser. */
  readonly url: string;
  readonly pid: number;
  /** Ends the process after a checkpoint. */
  stop: () => Promise<void>;
};

/** Address of an embedded database on that port of this machine. */
export function embeddedDatabaseUrl(port: number): string {
  return `postgresql://postgres@127.0.0.1:${port}/postgres`;
}

/**
 * Opens `folder` (made when missing; the first time takes 4 to 6 s, later about 0.6 s) on `port`, or on a free one.
 * Throws the process's own sentence when it does not come up, for instance because another process holds the folder.
 */
export async function startEmbeddedDatabase(options: { folder: string; port?: number }): Promise<EmbeddedDatabase> {
  const child = spawn(process.execPath, [embeddedDatabaseEntry, options.folder], {
    // The IPC channel ends the child with this process, however this process ends.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: childEnvironment({ ...surroundings(), LOG_LEVEL: 'warn', EMBEDDED_DATABASE_PORT: String(options.port ?? 0) }),
  });
  const port = await readPort(child);
  letGo(child);
  return {
    url: embeddedDatabaseUrl(port),
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function readPort(child: ChildProcess): Promise<number> {
  const complaints: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error('The embedded database was started without pipes.');
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  for await (const line of createInterface({ input: child.stdout })) {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null && 'port' in message) return Number(message.port);
  }
  throw new Error(`The embedded database did not start. ${sentenceOf(complaints.join(''))}`);
}

/** The message of the last log line, or the raw text where it is not one. */
function sentenceOf(text: string): string {
  const last = text.trim().split('\n').at(-1) ?? '';
  try {
    const line: unknown = JSON.parse(last);
    return typeof line === 'object' && line !== null && 'msg' in line ? String(line.msg) : last;
  } catch {
    return text.trim();
  }
}

/** The caller may finish while the database still runs: nothing of the child keeps its event loop alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.resume();
    if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}
