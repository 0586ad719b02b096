/** Vectors of a former embedder: kept while they may be needed, then removed, with two real embedders that take turns. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { addCollection, addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { overrideEnv } from '#lib/env.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { clientLimits, embed } from '#lib/models/client.ts';
import { addModel, startModelsProcess, type ModelsProcess } from '#lib/models/testing.ts';
import { tinyEmbedder } from '#lib/models/testing-gguf.ts';
import { findByMeaning } from '#lib/search/semantic.ts';
import { embedReadyVersion } from './embed.ts';
import { ingestVersion } from './run.ts';
import { removeSupersededVectors } from './superseded.ts';
import { queueMissingVectors } from './watch.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
const job = { signal: new AbortController().signal, attempt: 0 };
let modelsDir: string;
let models: ModelsProcess;
let reader: MemberActor;
let versions: string[];

before(async () => {
  modelsDir = await mkdtemp(path.join(os.tmpdir(), 'attest-superseded-'));
  for (const name of ['first', 'second']) await addModel(modelsDir, `${name}.gguf`, tinyEmbedder({ name }));
  models = await startModelsProcess({ modelsDir });
  const admin = await addMember('Ada', 'admin');
  reader = await addMember('Edda');
  const collectionId = await addCollection(admin, 'Handbook', { editors: [reader] });
  await choose('first.gguf');
  versions = [];
  for (const name of ['apples', 'pears']) {
    const text = Array.from({ length: 40 }, (_, index) => `# ${name} ${index}\n\n${`Words of ${name} number ${index}. `.repeat(6)}`).join('\n\n');
    const row = await uploadDocument(reader, collectionId, textUpload(`${name}.md`, text));
    await ingestVersion(row.version.id, job);
    versions.push(row.version.id);
  }
});
after(async () => {
  await closeQueue();
  await models.stop();
  await database.stop();
  await files.stop();
  await rm(modelsDir, { recursive: true });
});

/** Makes that file the embedder, waits until it serves, and outwaits what clients remember. */
async function choose(file: string): Promise<void> {
  const response = await fetch(`${models.url}/v1/attest/roles`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${models.key}` },
    body: JSON.stringify({ role: 'embedder', file }),
  });
  assert.ok(response.ok, await response.text());
  await models.waitFor(({ roles }) => roles.embedder.file === file && roles.embedder.state === 'ready');
  overrideEnv({ DATA_DIR: files.data, MODELS_URL: models.url, MODELS_KEY: models.key });
  await sleep(clientLimits.statusMsMax + 50);
}

/** Vectors of each model, in the order in which the models came. */
async function counts(): Promise<number[]> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ count: number }>`
    select count(v.chunk_id) as count from embedding_models m left join vectors v on v.embedding_model_id = m.id group by m.id order by m.id`.execute(tx));
  return rows.map((row) => row.count);
}

/** Models that the jobs which wait for a worker are to keep. */
async function queued(): Promise<unknown[]> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ keep: number }>`
    select (data ->> 'keep')::int as keep from pgboss.job where name = 'remove-vectors' and state < 'completed'`.execute(tx));
  return rows.map((row) => row.keep);
}

/** How many passages a question finds by its meaning. */
async function findable(): Promise<number> {
  const { vectors: [vector], embedder } = await embed(['Words of pears'], { kind: 'query' });
  assert.ok(vector !== undefined && embedder.model !== null);
  const used = { vector, embedder: { name: embedder.model, file: null, sha256: embedder.sha256 } };
  return (await transaction(reader, (tx) => findByMeaning(tx, used, { scope: null, limit: 50 }))).length;
}

async function chunkCount(): Promise<number> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ count: number }>`select count(*) as count from chunks`.execute(tx));
  return rows[0]?.count ?? 0;
}

test('nothing is removed while one embedder serves, nor while another one has vectors to make', async () => {
  const all = await chunkCount();
  let counted = await queueMissingVectors('');
  assert.deepEqual([await counts(), await queued()], [[all], []]);
  await choose('second.gguf');
  counted = await queueMissingVectors(counted);
  await embedReadyVersion(versions[0] ?? '', job.signal);
  await queueMissingVectors(counted);
  assert.deepEqual(await queued(), []);
  assert.equal((await counts())[0], all);
});

test('a version whose number of vectors was that of the former embedder is noticed before anything is removed', async () => {
  // As when the embedder changes between the last batch of a version and its being made current.
  await transaction(ingestActor, (tx) => sql`update versions set chunks_embedded = chunk_count`.execute(tx));
  const counted = await queueMissingVectors('');
  assert.deepEqual(await queued(), []);
  await transaction(ingestActor, (tx) => sql`update versions set chunks_embedded = chunk_count`.execute(tx));
  await queueMissingVectors(counted);
  assert.deepEqual(await queued(), []);
  const { rows } = await transaction(ingestActor, (tx) => sql<{ id: string }>`select id from versions where chunks_embedded < chunk_count`.execute(tx));
  assert.deepEqual(rows.map((row) => row.id), [versions[1]]);
});

test('when every current version has its vectors, one job removes the others, and search goes on meanwhile', async () => {
  const all = await chunkCount();
  await embedReadyVersion(versions[1] ?? '', job.signal);
  const counted = await queueMissingVectors('');
  await queueMissingVectors(counted);
  const [keep, ...more] = await queued();
  assert.ok(typeof keep === 'number');
  assert.deepEqual(more, []);
  assert.deepEqual(await counts(), [all, all]);

  const before = await findable();
  assert.ok(before > 0);
  const removing = removeSupersededVectors(keep, job.signal);
  assert.equal(await findable(), before);
  await removing;
  assert.deepEqual(await counts(), [0, all]);
  assert.equal(await findable(), before);
  // Delivered twice, it finds nothing to do.
  await removeSupersededVectors(keep, job.signal);
  assert.deepEqual(await counts(), [0, all]);
});

test('a job that comes when another embedder serves removes nothing of it', async () => {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ id: number }>`select id from embedding_models order by id`.execute(tx));
  const [first, second] = rows.map((row) => row.id);
  assert.ok(first !== undefined && second !== undefined);
  await choose('first.gguf');
  for (const id of versions) await embedReadyVersion(id, job.signal);
  const all = await chunkCount();
  assert.deepEqual(await counts(), [all, all]);
  await removeSupersededVectors(second, job.signal);
  assert.deepEqual(await counts(), [all, all]);
  await removeSupersededVectors(first, job.signal);
  assert.deepEqual(await counts(), [all, 0]);
});
