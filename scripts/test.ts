/**
 * `npm test`: every check of the product, in one run. Last line: `N passed, N failed`, with `, N skipped` where something
 * is skipped. `--only database,http` runs some steps, `--grep words` some tests (by name or file), `--slow 25` tells
 * what took longest in each step. Exit code 1 when anything failed.
 */
import './start/configuration.ts';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeTemplate } from '#lib/db/testing.ts';
import { surroundings } from '#lib/env.ts';
import { root } from './start/build.ts';
import { runBrowserTests } from './test/browser-tests.ts';
import { findChromium } from './test/chromium.ts';
import { runCheck } from './test/command.ts';
import { runNodeTests } from './test/node-tests.ts';
import type { TestReport } from './test/reporter.ts';
import { startTestProduct, type RunningProduct } from './test/running-product.ts';
import { Tally } from './test/tally.ts';

const steps = ['types', 'lint', 'architecture', 'unit', 'database', 'models', 'browser', 'http'] as const;
type Step = (typeof steps)[number];

/** Files of each step by their ending; what has none of these endings is a unit test. */
const endings = { database: '.db.test.ts', models: '.model.test.ts', http: '.http.test.ts' } as const;
const testMsMax = 600_000;
const folders = ['app', 'bench', 'ingest', 'lib', 'prisma', 'scripts'];
const architectureFile = 'scripts/architecture.test.ts';

const options = readOptions();
const tally = new Tally(options.slowest);

function readOptions(): { only: readonly Step[]; grep: string | undefined; slowest: number } {
  const { values } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' }, slow: { type: 'string' } }, allowPositionals: false });
  const wanted = values.only?.split(',').map((name) => name.trim()) ?? (values.grep === undefined ? steps : steps.slice(2));
  const only = steps.filter((step) => wanted.includes(step));
  const unknown = wanted.filter((name) => !steps.some((step) => step === name));
  if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(', ')}. Steps: ${steps.join(', ')}.`);
  return { only, grep: values.grep, slowest: Number(values.slow ?? 0) };
}

function listTests(): string[] {
  return folders.flatMap((folder) =>
    fs.existsSync(path.join(root, folder))
      ? fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name))
      : [],
  );
}

function filesOf(step: Step): string[] {
  const all = listTests();
  if (step === 'architecture') return [architectureFile];
  if (step === 'database' || step === 'models' || step === 'http') return all.filter((file) => file.endsWith(endings[step]));
  return all.filter((file) => file !== architectureFile && !Object.values(endings).some((ending) => file.endsWith(ending)));
}

async function run(step: Step, work: () => Promise<TestReport[]>): Promise<void> {
  if (!options.only.includes(step)) return;
  const started = performance.now();
  const reports = await work().catch((error: unknown) => [failure(`the step "${step}" ran`, error)]);
  tally.add(step, reports, performance.now() - started);
}

function runFiles(step: Step, concurrency: number, environment = surroundings()): Promise<TestReport[]> {
  return runNodeTests({ files: filesOf(step), environment, concurrency, timeoutMs: testMsMax, grep: options.grep });
}

function failure(name: string, error: unknown): TestReport {
  return { name, file: '', outcome: 'failed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error), ms: 0 };
}

/** Each file of the database tests has a database of its own, copied from one that is migrated once. */
async function runOnCopies(): Promise<TestReport[]> {
  const template = await makeTemplate();
  try {
    return await runFiles('database', 2, { ...surroundings(), ATTEST_TEST_DATABASE_TEMPLATE: template.name });
  } finally {
    await template.remove();
  }
}

/** HTTP and browser tests share one running product. */
async function runOnProduct(): Promise<void> {
  if (!options.only.includes('http') && !options.only.includes('browser')) return;
  const started = performance.now();
  let product: RunningProduct;
  try {
    product = await startTestProduct();
  } catch (error) {
    tally.add('product', [failure('the product builds and starts', error)], performance.now() - started);
    return;
  }
  tally.add('product', [{ name: 'the product builds and starts', file: '', outcome: 'passed', detail: '', ms: 0 }], performance.now() - started);
  const before = tally.failed;
  await run('browser', async () => runBrowserTests({ ...product.environment, CHROMIUM_PATH: await findChromium() }, options.grep));
  // Afterwards: they leave hundreds of people, groups and records behind, which every page would have to show.
  await run('http', () => runFiles('http', 1, product.environment));
  const keep = tally.failed > before;
  await product.stop(keep);
  if (keep) process.stdout.write(`The product's data and logs are kept in ${product.dataFolder}.\n`);
}

await Promise.all([
  // next-env.d.ts and the types of the routes are generated, so they come first.
  run('types', async () => {
    const generated = await runCheck('route types', 'next/dist/bin/next', ['typegen']);
    return generated.some(({ outcome }) => outcome === 'failed') ? generated : runCheck('every type fits', 'typescript/bin/tsc', ['--noEmit']);
  }),
  run('lint', () => runCheck('the linter finds nothing', 'eslint/bin/eslint.js', ['.'])),
]);
await run('architecture', () => runFiles('architecture', 1));
await run('unit', () => runFiles('unit', 2));
await run('database', runOnCopies);
await run('models', () => runFiles('models', 2));
await runOnProduct();
tally.finish();
process.exit(tally.failed === 0 ? 0 : 1);
