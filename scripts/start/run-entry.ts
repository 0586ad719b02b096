/** Runs one of our entries to its end, as a process with variables of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { childEnvironment } from '#lib/env.ts';
import { readLogLine } from './logs.ts';
import type { Variables } from './parts.ts';

/** Throws the entry's last words when it fails. */
export async function runEntry(entry: string, variables: Variables): Promise<void> {
  const child = spawn(process.execPath, ['--import', path.join(import.meta.dirname, 'with-parent.ts'), entry], {
    env: childEnvironment(variables),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = await once(child, 'close');
  if (code === 0) return;
  const last = complaints.trim().split('\n').at(-1) ?? '';
  throw new Error(`${path.basename(entry)} failed. ${last.startsWith('{') ? readLogLine(last).text : complaints.trim()}`);
}
