/** A checking program (the type checker, the linter) as one test: its output is the failure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { childEnvironment, surroundings } from '#lib/env.ts';
import { root } from '../start/build.ts';
import type { TestReport } from './reporter.ts';

/** Runs `node <entry> <args>` from node_modules. */
export async function runCheck(name: string, entry: string, args: readonly string[]): Promise<TestReport[]> {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'node_modules', entry), ...args], { cwd: root, env: childEnvironment(surroundings()), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(child, 'close');
  const ms = performance.now() - started;
  return [{ name, file: '', outcome: code === 0 ? 'passed' : 'failed', detail: code === 0 ? '' : output.trim(), ms }];
}
