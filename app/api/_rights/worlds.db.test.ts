/**
 * `npm run test:authz:worlds`: in random companies, on every path, everybody is shown exactly what the oracle says.
 * ATTEST_WORLDS: how many companies; ATTEST_WORLD_SIZE: `small`, or `full` with every member on every path and
 * ATTEST_PAIRS documents for each where a path takes a request for each document (`all`: every pair); ATTEST_SEED: the
 * run to repeat.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { isPermitted } from '#lib/access/permissions.ts';
import { worlds, worldSizes } from '#lib/access/testing-world.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { openTestFiles } from '#lib/documents/testing.ts';
import { surroundings } from '#lib/env.ts';
import { matrix } from '#lib/http/matrix.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { startTestModels, type TestModels } from './testing-models.ts';
import { paths } from './testing-paths.ts';
import { tryWorld } from './testing-try.ts';
import { visited } from './testing-visit.ts';

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

const triedInRivals = 'a change, tried in rivals.db.test.ts';
/** Routes open to everybody who is signed in that no path asks, each with its reason. */
const withoutPath: Readonly<Record<string, string>> = {
  'GET /api/status': 'counts of the whole installation and sentences about its parts',
  'GET /api/sessions': 'where one is signed in oneself',
  'DELETE /api/sessions': 'ends sessions of one\'s own',
  'DELETE /api/sessions/:id': 'ends a session of one\'s own',
  'GET /api/keys': 'keys of one\'s own',
  'POST /api/keys': 'a key of one\'s own',
  'DELETE /api/keys/:id': 'a key of one\'s own',
  'PATCH /api/conversations/:id': 'a conversation of one\'s own',
  'DELETE /api/conversations/:id': 'a conversation of one\'s own',
  'DELETE /api/turns/:id/feedback': triedInRivals,
  'POST /api/collections/:id/documents': triedInRivals,
  'POST /api/documents/:id/versions': triedInRivals,
  'PATCH /api/documents/:id': triedInRivals,
  'DELETE /api/documents/:id': triedInRivals,
  'GET /api/pdf-data/:folder/:file': 'fonts of pdf.js, the same for everybody',
  'GET /v1/models': 'one name, the same for everybody',
  'GET /v1/models/:id': 'one name, the same for everybody',
};

test('every route that is open to everybody who is signed in is a path of these companies, or has a reason why not', { skip: numRuns < 20 ? 'too few companies to meet every path' : false }, () => {
  const open = matrix.flatMap(({ path, ...cells }) => Object.entries(cells).flatMap(([method, { permission }]) => (permission !== 'open' && permission !== 'scim' && isPermitted('employee', permission) ? [`${method} ${path}`] : [])));
  assert.ok(open.length > 20);
  assert.deepEqual(open.filter((one) => !visited.has(one) && withoutPath[one] === undefined), [], 'add an entry to testing-paths.ts, or the reason to withoutPath');
  assert.deepEqual(Object.keys(withoutPath).filter((one) => !open.includes(one)), [], 'withoutPath names routes that are none');
});
