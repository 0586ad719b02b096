/** Runs e2e/ with Playwright and reads its JSON report. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { childEnvironment } from '#lib/env.ts';
import { root } from '../start/build.ts';
import type { TestReport } from './reporter.ts';

const error = z.object({ message: z.string().optional(), stack: z.string().optional(), snippet: z.string().optional() });
const spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
      results: z.array(z.object({ duration: z.number(), errors: z.array(error).default([]) })),
    }),
  ),
});
type Suite = { readonly title: string; readonly specs: z.infer<typeof spec>[]; readonly suites?: Suite[] | undefined };
const suite: z.ZodType<Suite> = z.lazy(() => z.object({ title: z.string(), specs: z.array(spec).default([]), suites: z.array(suite).optional() }));
const report = z.object({ suites: z.array(suite), errors: z.array(error).default([]) });

const outcomes = { expected: 'passed', unexpected: 'failed', flaky: 'failed', skipped: 'skipped' } as const;

export async function runBrowserTests(environment: Record<string, string | undefined>, grep?: string): Promise<TestReport[]> {
  const file = path.join(root, 'test-results/browser.json');
  fs.rmSync(file, { force: true });
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/playwright/cli.js'), 'test', '--config', path.join(root, 'e2e/playwright.config.ts'), '--reporter=json', ...(grep === undefined ? [] : ['--grep', grep, '--pass-with-no-tests'])],
    { cwd: root, env: childEnvironment({ ...environment, PLAYWRIGHT_JSON_OUTPUT_NAME: file }), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  if (!fs.existsSync(file)) return [failure('the browser tests ran', output)];
  const { suites, errors } = report.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  return [...suites.flatMap((item) => readSuite(item, [])), ...errors.map((item) => failure('the browser tests loaded', readError(item)))];
}

function readSuite(item: Suite, titles: readonly string[]): TestReport[] {
  const own = item.specs.flatMap(({ title, file, tests }) =>
    tests.map(({ status, annotations, results }) => ({
      name: [...titles, title].join(' › '),
      file: path.join(root, 'e2e', file),
      outcome: outcomes[status],
      detail:
        status === 'skipped'
          ? (annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? 'no reason given')
          : results.flatMap(({ errors }) => errors.map(readError)).join('\n'),
      ms: results.reduce((sum, result) => sum + result.duration, 0),
    })),
  );
  return [...own, ...(item.suites ?? []).flatMap((inner) => readSuite(inner, inner.specs.length > 0 || titles.length > 0 ? [...titles, inner.title] : titles))];
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function readError(item: z.infer<typeof error>): string {
  return `${item.message ?? ''}\n${item.snippet ?? item.stack ?? ''}`.replace(colours, '');
}

function failure(name: string, detail: string): TestReport {
  return { name, file: '', outcome: 'failed', detail, ms: 0 };
}
