/** The ingest process itself, killed at each step of a document and started again: nothing lost, doubled or half visible. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { readBlocks, readPassages } from '#lib/documents/content.ts';
import { readRow } from '#lib/documents/read.ts';
import { addCollection, addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import type { DocumentRow } from '#lib/documents/types.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { childEnvironment, surroundings } from '#lib/env.ts';
import { closeQueue, openQueue } from '#lib/jobs/jobs.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
const entry = path.join(import.meta.dirname, 'main.ts');
const running = new Set<ChildProcess>();
let editor: MemberActor;
let collectionId: string;

before(async () => {
  const admin = await addMember('Ada', 'admin');
  editor = await addMember('Edda');
  collectionId = await addCollection(admin, 'Handbook', { editors: [editor] });
});
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await closeQueue();
  await database.stop();
  await files.stop();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** Starts an ingest process and waits until it is healthy. Without a models process: documents are found by their words. */
async function startIngest(): Promise<ChildProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: childEnvironment({ ...surroundings(), DATABASE_URL: database.url, DATA_DIR: files.data, INGEST_PORT: String(port), MODELS_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'error' }),
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  // As long as a machine takes that does much else at the same time.
  for (let tries = 0; tries < 1200; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (response?.ok === true) return child;
    await sleep(50);
  }
  throw new Error('The ingest process did not become healthy.');
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  return code;
}

interface Seen {
  state: string;
  blocks: number;
  chunks: number;
  postings: number;
}

async function look(versionId: string): Promise<Seen> {
  const { rows } = await transaction(ingestActor, (tx) => sql<Seen>`
    select v.state,
      (select count(*) from blocks where version_id = v.id) as blocks,
      (select count(*) from chunks where version_id = v.id) as chunks,
      (select count(*) from postings where version_id = v.id) as postings
    from versions v where v.id = ${versionId}`.execute(tx));
  assert.ok(rows[0] !== undefined);
  return rows[0];
}

async function until(versionId: string, reached: (seen: Seen) => boolean): Promise<Seen> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const seen = await look(versionId);
    if (reached(seen)) return seen;
    await sleep(10);
  }
  throw new Error(`Version ${versionId} did not get there: ${JSON.stringify(await look(versionId))}`);
}

/** What 35 seconds do by themselves: the queue sees that the heartbeat stopped and gives the job to another worker. */
async function passHeartbeat(): Promise<void> {
  await transaction(ingestActor, async (tx) => {
    await sql`update pgboss.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`.execute(tx);
    await sql`update pgboss.queue set monitor_on = null`.execute(tx);
  });
  await (await openQueue()).supervise();
  await transaction(ingestActor, (tx) => sql`update pgboss.job set start_after = now() where state = 'retry'`.execute(tx));
}

const parts = 1000;
function longText(name: string): string {
  return Array.from({ length: parts }, (_, index) => `# ${name} part ${index}\n\n${`Word${index} of ${name} number ${index}. `.repeat(8)}`).join('\n\n');
}

/** The finished document is whole and there once. */
async function checkWhole(documentId: string, versionId: string): Promise<void> {
  const name = { documentId, versionId };
  const page = await readBlocks(editor, name, { from: 0, limit: 1 });
  assert.equal(page.total, 2 * parts);
  const { rows } = await transaction(ingestActor, (tx) => sql<{ wrong: number }>`
    with held as (select unnest(chunk_ids) as id from postings where version_id = ${versionId})
    select (select count(*) from held where id not in (select id from chunks where version_id = ${versionId}))
      + (select count(*) from chunks where version_id = ${versionId} and id not in (select id from held))
      + (select chunk_count from versions where id = ${versionId}) - (select count(*) from chunks where version_id = ${versionId})
      + (select count(*) from blocks b left join versions v on v.id = b.version_id where v.id is null) as wrong`.execute(tx));
  assert.deepEqual(rows, [{ wrong: 0 }]);
  const records = await transaction(ingestActor, (tx) => sql<{ state: string }>`
    select state::text as state from pgboss.job where name = 'ingest-version' and data ->> 'versionId' = ${versionId} and state <> 'completed'`.execute(tx));
  assert.deepEqual(records.rows, []);
}

const steps: Record<string, (seen: Seen) => boolean> = {
  'when it has taken the job': (seen) => seen.state === 'parsing',
  'when some blocks are written': (seen) => seen.blocks > 0,
  'when some chunks are written': (seen) => seen.chunks > 0,
  'when some postings are written': (seen) => seen.postings > 0,
};

/** Kills a process at that step of a document. One that was ready before the signal came says nothing, and another document is tried. */
async function killAt(step: string, reached: (seen: Seen) => boolean): Promise<DocumentRow> {
  for (let tries = 1; tries <= 10; tries += 1) {
    const row = await uploadDocument(editor, collectionId, textUpload(`${step} ${tries}.md`, longText(`${step} ${tries}`)));
    const child = await startIngest();
    await until(row.version.id, reached);
    await end(child, 'SIGKILL');
    if ((await look(row.version.id)).state !== 'ready') return row;
  }
  return assert.fail('every process was killed too late for this test to say anything');
}

for (const [step, reached] of Object.entries(steps)) {
  test(`killed ${step}, the next process finishes the document`, async () => {
    const row = await killAt(step, reached);
    assert.deepEqual(await readBlocks(editor, { documentId: row.id, versionId: row.version.id }, { from: 0, limit: 10 }), { blocks: [], total: 0, pageCount: null });
    assert.deepEqual((await readPassages(editor, { documentId: row.id, versionId: row.version.id }, { limit: 10 })).items, []);
    assert.equal((await readRow(editor, row.id)).currentVersion, null);
    const successor = await startIngest();
    await passHeartbeat();
    await until(row.version.id, (seen) => seen.state === 'ready');
    await sleep(300);
    await checkWhole(row.id, row.version.id);
    await end(successor, 'SIGTERM');
  });
}

test('two ingest processes share the work and each document is done once', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `shared ${index}`);
  const rows = await Promise.all(names.map((name) => uploadDocument(editor, collectionId, textUpload(`${name}.md`, `# ${name}\n\nWords of ${name}.`))));
  const pair = await Promise.all([startIngest(), startIngest()]);
  for (const row of rows) await until(row.version.id, (seen) => seen.state === 'ready');
  const { rows: attempts } = await transaction(ingestActor, (tx) => sql<{ attempt: number }>`select attempt from versions where id = any(${rows.map((row) => row.version.id)}::uuid[])`.execute(tx));
  assert.ok(attempts.every(({ attempt }) => attempt === 1));
  for (const child of pair) assert.equal(await end(child, 'SIGTERM'), 0);
});

test('asked to end in the middle of a document, the process finishes or gives it back, and exits with 0', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('stop.md', longText('stop')));
  const child = await startIngest();
  await until(row.version.id, (seen) => seen.state !== 'waiting');
  assert.equal(await end(child, 'SIGTERM'), 0);
  const successor = await startIngest();
  await transaction(ingestActor, (tx) => sql`update pgboss.job set start_after = now() where state = 'retry'`.execute(tx));
  await until(row.version.id, (seen) => seen.state === 'ready');
  await sleep(300);
  await checkWhole(row.id, row.version.id);
  await end(successor, 'SIGTERM');
});
