/** Runs test files with `node --test` and reads what its reporter says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
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
  readonly grep?: string | undefined;
};

/** Outcomes of all tests. A runner that ends badly without naming a failed test is a failure itself. */
export async function runNodeTests(tests: NodeTests): Promise<TestReport[]> {
  if (tests.files.length === 0) return [];
  const child = spawn(
    process.execPath,
    [
      '--test',
      `--test-reporter=${path.join(import.meta.dirname, 'reporter.ts')}`,
      '--test-reporter-destination=stdout',
      `--test-concurrency=${tests.concurrency}`,
      `--test-timeout=${tests.timeoutMs}`,
      ...(tests.grep === undefined ? [] : [`--test-name-pattern=${tests.grep}`]),
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
