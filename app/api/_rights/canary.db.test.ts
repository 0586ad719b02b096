/**
 * `npm run test:authz:canary`: 128 random bits stand in the text of every document, and others in its title; every byte
 * that leaves while random companies are visited on every path is searched for them: bodies, headers and event streams
 * of every response, requests to models, refusals of every kind of bad request, and the log at its most talkative, also
 * while models and the database fail.
 * ATTEST_WORLDS: how many companies; ATTEST_SEED: the run to repeat.
 */
import { takeLogged } from './testing-logs.ts';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { oracleOf, type Oracle } from '#lib/access/testing-oracle.ts';
import { worlds, worldSizes, type World } from '#lib/access/testing-world.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { openTestFiles } from '#lib/documents/testing.ts';
import { surroundings } from '#lib/env.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { buildWorld, endWorld, type Built } from './testing-build.ts';
import { startTestModels, type TestModels } from './testing-models.ts';
import { paths } from './testing-paths.ts';
import { visitsTo, type Visits } from './testing-visit.ts';

const given = surroundings();
const seed = Number(given['ATTEST_SEED'] ?? Date.now() & 0x7fffffff);
const companies = Number(given['ATTEST_WORLDS'] ?? 2);

let database: TestDatabase;
let files: Awaited<ReturnType<typeof openTestFiles>>;
let models: TestModels;
let owner: pg.Client;
before(async () => {
  database = await openTestDatabase();
  files = await openTestFiles();
  models = await startTestModels();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
after(async () => {
  await closeQueue();
  await owner.end();
  await database.stop();
  await models.stop();
  await files.stop();
});

/** Requests that fail, and that carry or name what they must not tell about. */
async function provoke(built: Built, visits: Visits): Promise<void> {
  for (const document of built.documents.slice(0, 2)) {
    const version = `/api/documents/${document.id}/versions/${document.versionId}`;
    for (const visitor of [...built.visitors, null]) {
      for (const address of [`GET ${version}/blocks?limit=0`, `GET ${version}/blocks?from=x`, `GET ${version}/passages?cursor=-1`, `GET ${version}/file?download=2`, `GET /api/documents/${document.id}/versions/not-an-id/file`, `GET /api/collections/${built.collectionIds[document.collection]}/documents?cursor=${Buffer.from('["a"]').toString('base64url')}`, `GET /api/audit/records/0`, `POST /api/documents/${document.id}/opened?version=x`]) await visits.call(visitor, address);
      await visits.call(visitor, `PATCH /api/documents/${document.id}`, { json: { title: 7 } });
      await visits.call(visitor, `POST /api/ask`, { json: { question: '' } });
      await visits.call(visitor, `POST /v1/chat/completions`, { json: { model: 'other', messages: [] }, signedIn: false, headers: { authorization: 'Bearer attest_wrong' } });
      await visits.call(visitor, `GET ${version}/file`, { headers: { range: 'bytes=9999999-' } });
    }
  }
}

/** Asks while models and the database fail with messages that repeat what they were given. */
async function askInTrouble(built: Built, visits: Visits, oracle: Oracle): Promise<void> {
  for (const document of built.documents) {
    const visitor = built.visitors.find(({ number }) => oracle.reads(number, document.number));
    if (visitor === undefined) continue;
    const json = { question: `What is the door code of ${document.word}?` };
    models.failWithEcho(true);
    await visits.call(visitor, 'POST /api/ask', { json });
    models.failWithEcho(false);
    // "Failing row contains (...)" is how Postgres tells of a row that it refuses.
    await owner.query('alter table answers add constraint none_for_now check (member_id is null) not valid');
    await visits.call(visitor, 'POST /api/ask', { json });
    await visits.call(visitor, 'POST /mcp', { json: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask', arguments: json } }, signedIn: false, headers: { authorization: `Bearer ${visitor.key}`, accept: 'application/json, text/event-stream' } });
    await owner.query('alter table answers drop constraint none_for_now');
  }
}

async function visit(built: Built, oracle: Oracle, visits: Visits): Promise<void> {
  for (const { look } of paths) for (const visitor of built.visitors) await look({ built, oracle, visitor, sample: built.documents.slice(0, 1), visits });
  await provoke(built, visits);
  await askInTrouble(built, visits, oracle);
}

/** A company of every role in which some read and some do not, whatever is drawn besides. */
const certain: World = {
  members: (['employee', 'employee', 'admin', 'compliance'] as const).map((role) => ({ role, disabled: false })),
  groups: 1, nestings: [], memberships: [], collections: 2, choice: 0,
  documents: [{ collection: 0, restricted: false, deleted: false }, { collection: 1, restricted: false, deleted: false }],
  grants: [{ collection: 0, document: null, to: { kind: 'member', index: 0 }, permission: 'edit', end: 'none' }, { collection: 1, document: null, to: { kind: 'member', index: 3 }, permission: 'read', end: 'none' }],
};

test(`no canary reaches anybody without the right to it, nor the log, in ${companies} random companies (seed ${seed})`, async (t) => {
  const sums = { requests: 0, bytes: 0, logged: 0, canaries: 0 };
  for (const world of [certain, ...fc.sample(worlds(worldSizes.small), { numRuns: companies, seed })]) {
    const oracle = oracleOf(world);
    const built = await buildWorld(world);
    const visits = visitsTo(built, oracle, models);
    await visit(built, oracle, visits);
    const logged = takeLogged();
    visits.inspect(null, 'the log', logged);
    sums.requests += visits.counts.requests;
    sums.bytes += visits.counts.bytes;
    sums.logged += logged.length;
    sums.canaries += built.documents.length * 2;
    assert.deepEqual(visits.leaks, []);
    await endWorld(built);
  }
  assert.ok(sums.logged > 0, 'nothing was logged, so that nothing was looked through');
  t.diagnostic(`${sums.canaries} canaries, ${sums.requests} requests, ${sums.bytes} bytes searched (${sums.logged} of them logged), seed ${seed}: 0 canaries`);
});

test('the search finds a canary in text, in a longer row of digits and inside base64', async () => {
  const [world] = fc.sample(worlds(worldSizes.small), { numRuns: 1, seed: 1 });
  assert.ok(world);
  const built = await buildWorld(world);
  const { canary, titleCanary } = built.documents[0]!;
  const hidden = [`x ${canary} x`, `00${canary}ff`, JSON.stringify({ next: Buffer.from(JSON.stringify(['paper', titleCanary])).toString('base64url') }), canary.toUpperCase()];
  for (const bytes of hidden) {
    const visits = visitsTo(built, oracleOf(world), null);
    visits.inspect(null, 'a test', bytes);
    assert.ok(visits.leaks.length > 0, bytes);
  }
  await endWorld(built);
});
