/** Embedding with the real models process: during ingestion, afterwards, when it goes away, and when another model comes. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { deleteDocument } from '#lib/documents/change.ts';
import { readRow } from '#lib/documents/read.ts';
import { addCollection, addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import type { DocumentRow } from '#lib/documents/types.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { overrideEnv } from '#lib/env.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { clientLimits, embed } from '#lib/models/client.ts';
import { addModel, makeModelsDir, startModelsProcess, type ModelsProcess } from '#lib/models/testing.ts';
import { tinyEmbedder } from '#lib/models/testing-gguf.ts';
import { embedReadyVersion } from './embed.ts';
import { purgeDocument } from './purge.ts';
import { ingestVersion } from './run.ts';
import { queueMissingVectors } from './watch.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
const away = 'http://127.0.0.1:9';
let modelsDir: string;
let models: ModelsProcess;
let editor: MemberActor;
let collectionId: string;

before(async () => {
  modelsDir = await makeModelsDir(['embedder']);
  await addModel(modelsDir, 'another.gguf', tinyEmbedder({ name: 'another' }));
  models = await startModelsProcess({ modelsDir, ready: ['embedder'] });
  const admin = await addMember('Ada', 'admin');
  editor = await addMember('Edda');
  collectionId = await addCollection(admin, 'Handbook', { editors: [editor] });
});
after(async () => {
  await closeQueue();
  await models.stop();
  await database.stop();
  await files.stop();
  await rm(modelsDir, { recursive: true });
});

async function reach(url: string): Promise<void> {
  overrideEnv({ DATA_DIR: files.data, MODELS_URL: url, MODELS_KEY: models.key });
  await new Promise((resolve) => setTimeout(resolve, clientLimits.statusMsMax + 50));
}

const job = { signal: new AbortController().signal, attempt: 0 };
const text = (name: string): string => Array.from({ length: 80 }, (_, index) => `# ${name} ${index}\n\n${`Words of ${name} number ${index}. `.repeat(6)}`).join('\n\n');
const upload = (name: string): Promise<DocumentRow> => uploadDocument(editor, collectionId, textUpload(`${name}.md`, text(name)));

async function vectors(versionId: string): Promise<{ model: number; count: number; dimensions: number }[]> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ model: number; count: number; dimensions: number }>`
    select embedding_model_id as model, count(*) as count, max(vector_dims(embedding)) as dimensions
    from vectors where version_id = ${versionId} group by 1 order by 1`.execute(tx));
  return rows;
}

async function queued(versionId: string): Promise<number> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ count: number }>`
    select count(*) as count from pgboss.job where name = 'embed-version' and state < 'completed' and data ->> 'versionId' = ${versionId}`.execute(tx));
  return rows[0]?.count ?? 0;
}

test('with an embedder every chunk has its vector when the version becomes ready, and it is the vector of that text', async () => {
  await reach(models.url);
  const row = await upload('embedded');
  await ingestVersion(row.version.id, job);
  const ready = await readRow(editor, row.id);
  assert.equal(ready.version.state, 'ready');
  assert.ok(ready.version.chunkCount >= 80);
  assert.equal(ready.version.chunksEmbedded, ready.version.chunkCount);
  assert.deepEqual((await vectors(row.version.id)).map((found) => found.count), [ready.version.chunkCount]);
  const { rows } = await transaction(ingestActor, (tx) => sql<{ text: string; headings: string[]; embedding: string }>`
    select c.text, c.place -> 'headings' as headings, v.embedding::text as embedding
    from chunks c join vectors v on v.chunk_id = c.id where c.version_id = ${row.version.id} and c.ordinal = 41`.execute(tx));
  const stored: unknown = JSON.parse(rows[0]?.embedding ?? '[]');
  assert.ok(Array.isArray(stored));
  const { vectors: [expected] } = await embed([[ready.title, ...(rows[0]?.headings ?? []), rows[0]?.text].join('\n')], { kind: 'passage' });
  assert.ok(expected !== undefined);
  for (const [index, number] of expected.entries()) assert.ok(Math.abs(Number(stored[index]) - number) < 1e-6);
});

test('without an embedder a version becomes ready by its words; its vectors follow when one arrives, once', async () => {
  await reach(away);
  const row = await upload('later');
  await ingestVersion(row.version.id, job);
  const ready = await readRow(editor, row.id);
  assert.equal(ready.version.state, 'ready');
  assert.equal(ready.version.chunksEmbedded, 0);
  assert.equal(await queueMissingVectors(''), '');
  assert.equal(await queued(row.version.id), 0);
  await reach(models.url);
  const counted = await queueMissingVectors('');
  await queueMissingVectors(counted);
  assert.equal(await queued(row.version.id), 1);
  await embedReadyVersion(row.version.id, job.signal);
  await embedReadyVersion(row.version.id, job.signal);
  const done = await readRow(editor, row.id);
  assert.equal(done.version.chunksEmbedded, done.version.chunkCount);
  assert.deepEqual((await vectors(row.version.id)).map((found) => found.count), [done.version.chunkCount]);
});

test('an embedder that goes away midway fails nothing: what is embedded is kept, the rest follows', async () => {
  await reach(models.url);
  const row = await upload('midway');
  const ingesting = ingestVersion(row.version.id, job);
  for (let tries = 0; tries < 500 && (await vectors(row.version.id)).length === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  overrideEnv({ DATA_DIR: files.data, MODELS_URL: away });
  await ingesting;
  const ready = await readRow(editor, row.id);
  assert.equal(ready.version.state, 'ready');
  assert.equal((await vectors(row.version.id))[0]?.count, ready.version.chunksEmbedded);
  await reach(models.url);
  await embedReadyVersion(row.version.id, job.signal);
  const done = await readRow(editor, row.id);
  assert.equal(done.version.chunksEmbedded, done.version.chunkCount);
});

test('another embedder gets vectors of its own beside the old ones, and the old ones still count when it comes back', async () => {
  await choose('test-embedder.gguf');
  const row = await upload('switched');
  await ingestVersion(row.version.id, job);
  const first = await queueMissingVectors('');
  assert.equal(await queued(row.version.id), 0);
  await choose('another.gguf');
  const second = await queueMissingVectors(first);
  assert.notEqual(second, first);
  assert.equal((await readRow(editor, row.id)).version.chunksEmbedded, 0);
  assert.equal(await queued(row.version.id), 1);
  await embedReadyVersion(row.version.id, job.signal);
  const done = await readRow(editor, row.id);
  assert.equal(done.version.chunksEmbedded, done.version.chunkCount);
  assert.deepEqual((await vectors(row.version.id)).map((found) => found.count), [done.version.chunkCount, done.version.chunkCount]);
  await choose('test-embedder.gguf');
  await queueMissingVectors(second);
  assert.equal((await readRow(editor, row.id)).version.chunksEmbedded, done.version.chunkCount);
});

test('the purge of a document takes the vectors of every embedder with it', async () => {
  const row = await upload('purged');
  await ingestVersion(row.version.id, job);
  assert.notDeepEqual(await vectors(row.version.id), []);
  await deleteDocument(editor, row.id);
  await embedReadyVersion(row.version.id, job.signal);
  await purgeDocument(row.id);
  assert.deepEqual(await vectors(row.version.id), []);
});

async function choose(file: string): Promise<void> {
  const response = await fetch(`${models.url}/v1/attest/roles`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${models.key}` },
    body: JSON.stringify({ role: 'embedder', file }),
  });
  assert.ok(response.ok, await response.text());
  await models.waitFor((status) => status.roles.embedder.file === file && status.roles.embedder.state === 'ready');
  await reach(models.url);
}
