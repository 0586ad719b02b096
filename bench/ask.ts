/**
 * `npm run bench:ask`: how much later the first token comes through POST /api/ask than from the models process given
 * the very same prompt, with 1 and with 8 people asking, and where the time goes. Both are asked in one run, in turns
 * that change order, after the model has read the prompt once: what it remembers of a prompt helps both alike. Needs ATTEST_TEST_GENERATOR;
 * DATABASE_URL puts it on a server. `--quick` takes fewer rounds; `--json FILE` writes the numbers.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { roles } from '#lib/actor.ts';
import type { TestBrowser } from '#lib/auth/testing.ts';
import { surroundings } from '#lib/env.ts';
import type { ModelsStatus } from '#lib/models/types.ts';
import { startTestProduct } from '../scripts/test/running-product.ts';
import { signInAs } from './ask-over-http.ts';
import { askModels, askProduct, rebuildPrompt, type Asked, type Direct, type Models, type Timed } from './asking/measure.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const aimMs = 40;
const roundsOf = options.quick ? { 1: 6, 8: 2 } : { 1: 24, 8: 8 };
/** Answered by the part of the demo company that everybody may read. */
const questions = [
  'What is the mileage rate for my own car in 2026?', 'How many days a month may I work from home?', 'How long are data of applicants who were not hired kept?',
  'What is the measuring force limit when calibrating the HX-4?', 'How do I set up the VPN on a new Mac?', 'How much are rooms paid in Vienna a night?',
  'How many weeks of parental leave does the primary carer get?', 'What is the daily allowance in Germany?',
];

interface Prepared { question: string; direct: Direct }
interface Round { product: (Asked & Timed)[]; models: Timed[] }

async function readStatus(models: Models): Promise<ModelsStatus> {
  const response = await fetch(`${models.url}/v1/attest/status`, { headers: { authorization: `Bearer ${models.key}` } });
  return (await response.json()) as ModelsStatus;
}

async function waitForGenerator(models: Models): Promise<ModelsStatus> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
    const status = await readStatus(models);
    if (status.roles.generator.state === 'ready') return status;
  }
  throw new Error('The generator did not become ready within a minute.');
}

async function prepare(browsers: readonly TestBrowser[], address: string, status: ModelsStatus): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const [index, question] of questions.entries()) {
    const asked = await askProduct(pick(browsers, index), address, question);
    if (asked.outcome !== 'generated') continue;
    const direct = await rebuildPrompt(question, asked, status);
    if (!direct.isSame) throw new Error('The prompt could not be made again, so there is nothing to compare with.');
    prepared.push({ question, direct });
  }
  if (prepared.length === 0) throw new Error('No question was answered by the model.');
  return prepared;
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

function describe(askers: number, rounds: readonly Round[]): Record<string, number>[] {
  const product = rounds.flatMap((round) => round.product);
  const models = rounds.flatMap((round) => round.models);
  const added = rounds.flatMap((round) => round.product.map((asked, index) => asked.firstTokenMs - (round.models[index]?.firstTokenMs ?? Number.NaN)));
  return [{
    askers,
    'first event': percentile(product.map((asked) => asked.firstEventMs), 0.5),
    'first event p95': percentile(product.map((asked) => asked.firstEventMs), 0.95),
    'first token': percentile(product.map((asked) => asked.firstTokenMs), 0.5),
    'first token p95': percentile(product.map((asked) => asked.firstTokenMs), 0.95),
    'straight to the model': percentile(models.map((each) => each.firstTokenMs), 0.5),
    'straight p95': percentile(models.map((each) => each.firstTokenMs), 0.95),
    'added (median)': percentile(added, 0.5),
    'added (p95)': percentile(added, 0.95),
  }];
}

function whereItGoes(askers: number, rounds: readonly Round[]): Record<string, number | string> {
  const product = rounds.flatMap((round) => round.product);
  const step = (name: string) => percentile(product.map((asked) => asked.method.steps.find((each) => each.name === name)?.ms ?? 0), 0.5);
  return { askers, record: step('record'), search: step('search'), decide: step('decide'), prompt: step('prompt'), 'model, to its first token': step('first-token'), check: step('check'), save: step('save') };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((left, right) => left - right);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1));
}

async function measure(): Promise<void> {
  const generator = surroundings()['ATTEST_TEST_GENERATOR'];
  if (generator === undefined) throw new Error('ATTEST_TEST_GENERATOR does not name a model file.');
  const running = await startTestProduct();
  try {
    const environment = running.environment;
    const address = environment['ATTEST_TEST_URL'] ?? '';
    const models = { url: environment['ATTEST_TEST_MODELS_URL'] ?? '', key: environment['ATTEST_TEST_MODELS_KEY'] ?? '' };
    fs.copyFileSync(generator, path.join(environment['ATTEST_TEST_MODELS_DIR'] ?? '', path.basename(generator)));
    const status = await waitForGenerator(models);
    // Three people, because one may not ask as often as this does.
    const browsers = await Promise.all(roles.map((role) => signInAs(address, role)));
    const prepared = await prepare(browsers, address, status);
    const results = [];
    for (const askers of [1, 8] as const) {
      const rounds: Round[] = [];
      for (let round = 0; round < roundsOf[askers]; round += 1) {
        const chosen = Array.from({ length: askers }, (_, index) => pick(prepared, round * askers + index));
        const askAll = () => Promise.all(chosen.map(({ question }, index) => askProduct(pick(browsers, round + index), address, question)));
        const straight = () => Promise.all(chosen.map(({ direct }) => askModels(models, direct)));
        // Each prompt meets both orders, and the model has just read it each time: what is left is what we add.
        const isProductFirst = (round + Math.floor(round / prepared.length)) % 2 === 0;
        await straight();
        const before = isProductFirst ? [] : await straight();
        const product = await askAll();
        rounds.push({ product, models: isProductFirst ? await straight() : before });
      }
      results.push({ askers, rounds });
    }
    report(results);
  } finally {
    await running.stop(false);
  }
}

function report(results: readonly { askers: number; rounds: readonly Round[] }[]): void {
  const table = results.flatMap(({ askers, rounds }) => describe(askers, rounds));
  const steps = results.map(({ askers, rounds }) => whereItGoes(askers, rounds));
  console.log('Milliseconds');
  console.table(table);
  console.log('Where they go (median of each step)');
  console.table(steps);
  const added = table[0]?.['added (median)'] ?? Number.NaN;
  console.log(`Added with 1 asker: ${added} ms at the median. Aim: at most ${aimMs} ms. ${added <= aimMs ? 'Reached.' : 'Not reached.'}`);
  if (options.json !== undefined) fs.writeFileSync(options.json, JSON.stringify({ table, steps }, null, 2));
}

await measure();
