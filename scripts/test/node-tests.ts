/** Runs test files with `node --test` and reads what its reporter says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { childEnvironment } from '#lib/env.ts';
import { root } from '../start/build.ts';
import type { TestReport } from './reporter.ts';

export type NodeTests = {
  readonly files: readonly string[];
  readonly environment: Record<string, string | undefined>;
  /** Files at the same time. */
  readonly concurrency: number;
  /** Longest one file or test may take. */
  readonly timeoutMs: number;
  /** A regular expression: only tests whose name it matches, and all tests of files whose path it matches. */
  readonly grep?: string | undefined;
};

/** Outcomes of all tests. A runner that ends badly without naming a failed test is a failure itself. */
export async function runNodeTests({ grep, ...tests }: NodeTests): Promise<TestReport[]> {
  if (grep === undefined) return runFiles(tests, []);
  const matches = new RegExp(grep);
  const whole = tests.files.filter((file) => matches.test(file));
  const rest = tests.files.filter((file) => !whole.includes(file));
  const byName = [`--import=${pathToFileURL(path.join(import.meta.dirname, 'lazy-hooks.ts')).href}`, `--test-name-pattern=${grep}`];
  return [...(await runFiles({ ...tests, files: whole }, [])), ...(await runFiles({ ...tests, files: rest }, byName))];
}

async function runFiles(tests: NodeTests, options: readonly string[]): Promise<TestReport[]> {
  if (tests.files.length === 0) return [];
  const child = spawn(
    process.execPath,
    [
      '--test',
      `--test-reporter=${path.join(import.meta.dirname, 'reporter.ts')}`,
      '--test-reporter-destination=stdout',
      `--test-concurrency=${tests.concurrency}`,
      `--test-timeout=${tests.timeoutMs}`,
      ...options,
      ...tests.files,
    ],
    { cwd: root, env: childEnvironment({ ...tests.environment, NODE_ENV: 'test' }), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const reports: TestReport[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) reports.push(JSON.parse(line));
  });
  const [code] = await once(child, 'close');
  if (code !== 0 && !reports.some((report) => report.outcome === 'failed')) {
    reports.push({ name: 'the test runner ended well', file: '', outcome: 'failed', detail: `exit code ${code}\n${complaints}`, ms: 0 });
  }
  return reports;
}
