/**
 * `npm run bench:ask`: how much later the first token comes through POST /api/ask than from the models process given
 * the very same prompt, with 1 and with 8 people asking, and where the time goes. Both are asked in one run, in turns
 * that change order, after the model has read the prompt once: what it remembers of a prompt helps both alike. Needs ATTEST_TEST_GENERATOR;
 * DATABASE_URL puts it on a server. `--quick` takes fewer rounds.
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
import { percentile, report, row, type Row } from './report.ts';
import { askModels, askProduct, rebuildPrompt, type Asked, type Direct, type Models, type Timed } from './asking/measure.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const aimMs = 40;
/** Steps that an answer tells of itself; the model's time to its first token stands beside it as well. */
const steps = ['record', 'search', 'decide', 'prompt', 'first-token', 'check', 'save'] as const;
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

function describe(askers: number, rounds: readonly Round[]): Row[] {
  const product = rounds.flatMap((round) => round.product);
  const models = rounds.flatMap((round) => round.models);
  const added = rounds.flatMap((round) => round.product.map((asked, index) => asked.firstTokenMs - (round.models[index]?.firstTokenMs ?? Number.NaN)));
  const who = askers === 1 ? '1 asker' : `${askers} askers`;
  const firstTokens = { ours: product.map((asked) => asked.firstTokenMs), beside: models.map((each) => each.firstTokenMs) };
  return [
    row(`${who}: first event, ms, median`, { ours: percentile(product.map((asked) => asked.firstEventMs), 0.5) }),
    row(`${who}: first event, ms, p95`, { ours: percentile(product.map((asked) => asked.firstEventMs), 0.95) }),
    row(`${who}: first token, ms, median, beside straight to the model`, { ours: percentile(firstTokens.ours, 0.5), beside: percentile(firstTokens.beside, 0.5) }),
    row(`${who}: first token, ms, p95, beside straight to the model`, { ours: percentile(firstTokens.ours, 0.95), beside: percentile(firstTokens.beside, 0.95) }),
    row(`${who}: added to the first token, ms, median`, { ours: percentile(added, 0.5) }, askers === 1 ? { atMost: aimMs } : {}),
    row(`${who}: added to the first token, ms, p95`, { ours: percentile(added, 0.95) }),
    ...steps.map((name) => row(`${who}: of it ${name}, ms, median`, { ours: percentile(product.map((asked) => asked.method.steps.find((each) => each.name === name)?.ms ?? 0), 0.5) })),
  ];
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
    report(results.flatMap(({ askers, rounds }) => describe(askers, rounds)), { title: 'The first token through Attest and straight from the model', json: options.json });
  } finally {
    await running.stop(false);
  }
}

await measure();
