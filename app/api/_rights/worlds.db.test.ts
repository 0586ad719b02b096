/**
 * `npm run test:authz:worlds`: in random companies, on every path, everybody is shown exactly what the oracle says.
 * ATTEST_WORLDS: how many companies; ATTEST_WORLD_SIZE: `small`, or `full` with every member on every path and
 * ATTEST_PAIRS documents for each where a path takes a request for each document (`all`: every pair); ATTEST_SEED: the
 * run to repeat.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { worlds, worldSizes } from '#lib/access/testing-world.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { openTestFiles } from '#lib/documents/testing.ts';
import { surroundings } from '#lib/env.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { startTestModels, type TestModels } from './testing-models.ts';
import { paths } from './testing-paths.ts';
import { tryWorld } from './testing-try.ts';

const given = surroundings();
const isFull = given['ATTEST_WORLD_SIZE'] === 'full';
const perMember = given['ATTEST_PAIRS'] === 'all' ? Infinity : Number(given['ATTEST_PAIRS'] ?? 3);
const numRuns = Number(given['ATTEST_WORLDS'] ?? 100);
const seed = Number(given['ATTEST_SEED'] ?? Date.now() & 0x7fffffff);

let database: TestDatabase;
let files: Awaited<ReturnType<typeof openTestFiles>>;
let models: TestModels;
before(async () => {
  database = await openTestDatabase();
  files = await openTestFiles();
  models = await startTestModels();
});
after(async () => {
  await closeQueue();
  await database.stop();
  await models.stop();
  await files.stop();
});

test(`on every path everybody is shown what they may see and nothing else, in ${numRuns} random companies (seed ${seed})`, async (t) => {
  const sums = { looks: 0, requests: 0, bytes: 0, companies: 0 };
  await fc.assert(fc.asyncProperty(worlds(worldSizes[isFull ? 'full' : 'small']), async (world) => {
    const { leaks, refusals, counts } = await tryWorld(world, { models, perMember: isFull ? perMember : 1, isQuick: !isFull });
    for (const key of ['looks', 'requests', 'bytes'] as const) sums[key] += counts[key];
    sums.companies += 1;
    assert.deepEqual({ leaks, refusals }, { leaks: [], refusals: [] });
  }), { numRuns, seed });
  t.diagnostic(`${sums.companies} companies, ${paths.length} paths, ${sums.looks} looks, ${sums.requests} requests, ${sums.bytes} bytes searched, seed ${seed}: 0 leaks, 0 wrong refusals`);
});
