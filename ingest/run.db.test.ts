import assert from 'node:assert/strict';
import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { deleteDocument, retryVersion } from '#lib/documents/change.ts';
import { readBlocks, readPassages } from '#lib/documents/content.ts';
import { readDocument, readRow } from '#lib/documents/read.ts';
import { addCollection, addMember, openTestFiles, pieces, textUpload } from '#lib/documents/testing.ts';
import { uploadDocument, uploadVersion } from '#lib/documents/write.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { claim, LeaseLost } from './lease.ts';
import { purgeDocument } from './purge.ts';
import { giveUp, ingestVersion, retriesMax } from './run.ts';
import { clear, publish, storeBlocks, storeChunks } from './store.ts';
import { giveUpAbandoned, sweepIncoming } from './watch.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
const demoFiles = path.join(import.meta.dirname, '../prisma/demo/files');
let admin: MemberActor;
let compliance: MemberActor;
let editor: MemberActor;
let collectionId: string;

before(async () => {
  admin = await addMember('Ada', 'admin');
  compliance = await addMember('Cora', 'compliance');
  editor = await addMember('Edda');
  collectionId = await addCollection(admin, 'Handbook', { editors: [editor] });
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

const job = (attempt = 0): { signal: AbortSignal; attempt: number } => ({ signal: new AbortController().signal, attempt });
const first = { from: 0, limit: 500 };

interface Counts {
  blocks: number;
  chunks: number;
  postings: number;
  vectors: number;
}

async function counts(documentId: string): Promise<Counts> {
  const { rows } = await transaction(ingestActor, (tx) => sql<Counts>`
    select (select count(*) from blocks where document_id = ${documentId}) as blocks,
      (select count(*) from chunks where document_id = ${documentId}) as chunks,
      (select count(*) from postings where document_id = ${documentId}) as postings,
      (select count(*) from vectors where document_id = ${documentId}) as vectors`.execute(tx));
  assert.ok(rows[0] !== undefined);
  return rows[0];
}

async function records(documentId: string): Promise<{ event: string; details: Record<string, unknown> }[]> {
  const { rows } = await transaction(compliance, (tx) => sql<{ event: string; details: Record<string, unknown> }>`
    select event, convert_from(body, 'UTF8')::json -> 'details' as details from audit_records where document_id = ${documentId} order by seq`.execute(tx));
  return rows;
}

const events = async (documentId: string): Promise<string[]> => (await records(documentId)).map((record) => record.event);

/** Every posting points to chunks of its own version, and every chunk is found by a term of its text. */
async function checkIndex(documentId: string): Promise<void> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ dangling: number; unfound: number }>`
    with held as (select p.version_id, unnest(p.chunk_ids) as chunk_id from postings p where p.document_id = ${documentId})
    select
      (select count(*) from held h where not exists (select from chunks c where c.id = h.chunk_id and c.version_id = h.version_id)) as dangling,
      (select count(*) from chunks c where c.document_id = ${documentId} and c.term_count > 0 and c.id not in (select chunk_id from held)) as unfound`.execute(tx));
  assert.deepEqual(rows, [{ dangling: 0, unfound: 0 }]);
}

test('a document is read, indexed, made current and recorded; running the job again changes nothing', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('policy.md', '# Travel\n\nFlights need approval.\n\n## Hotels\n\nUp to 140 euros a night.'));
  await ingestVersion(row.version.id, job());
  const ready = await readRow(editor, row.id);
  assert.equal(ready.version.state, 'ready');
  assert.equal(ready.currentVersion, 1);
  const before = await counts(row.id);
  assert.equal(before.blocks, 4);
  assert.equal(before.chunks, ready.version.chunkCount);
  assert.ok(before.postings > 5);
  await checkIndex(row.id);
  const name = { documentId: row.id, versionId: row.version.id };
  const page = await readBlocks(editor, name, first);
  assert.deepEqual(page.blocks.map((block) => [block.ordinal, block.kind, block.text]), [[0, 'heading', 'Travel'], [1, 'paragraph', 'Flights need approval.'], [2, 'heading', 'Hotels'], [3, 'paragraph', 'Up to 140 euros a night.']]);
  assert.equal(page.total, 4);
  assert.match((await readPassages(editor, name, { limit: 50 })).items.map((passage) => passage.text).join('\n'), /140 euros/);
  await ingestVersion(row.version.id, job(1));
  assert.deepEqual(await counts(row.id), before);
  assert.deepEqual((await events(row.id)).filter((event) => event.startsWith('version.')), ['version.ready']);
});

test('the pages of a PDF can be read one by one', async () => {
  const file = await readFile(path.join(demoFiles, 'company-handbook/travel-and-expenses-policy.pdf'));
  const row = await uploadDocument(editor, collectionId, { fileName: 'travel.pdf', body: pieces([file]), bytesMax: 10_000_000 });
  await ingestVersion(row.version.id, job());
  const ready = await readRow(editor, row.id);
  assert.equal(ready.version.state, 'ready');
  assert.ok((ready.pageCount ?? 0) > 1);
  const page = await readBlocks(editor, { documentId: row.id, versionId: row.version.id }, { ...first, page: 2 });
  assert.ok(page.blocks.length > 0);
  assert.ok(page.blocks.every((block) => block.page === 2 && (block.lines?.length ?? 0) > 0));
});

test('a new version takes over in one moment; the old one stays readable with its end', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('limits.txt', 'The limit is 100 euros.'));
  await ingestVersion(row.version.id, job());
  const second = await uploadVersion(editor, row.id, textUpload('limits.txt', 'The limit is 200 euros.'));
  assert.equal((await readRow(editor, row.id)).currentVersion, 1);
  await ingestVersion(second.version.id, job());
  const full = await readDocument(editor, row.id);
  assert.equal(full.currentVersion, 2);
  const [newest, oldest] = full.versions;
  assert.equal(oldest?.validTo, newest?.validFrom);
  assert.notEqual(newest?.validFrom, null);
  assert.equal(newest?.validTo, null);
  assert.match((await readBlocks(editor, { documentId: row.id, versionId: row.version.id }, first)).blocks[0]?.text ?? '', /100 euros/);
});

test('an older version that becomes ready later does not take the place of a newer one', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('race.txt', 'race one'));
  const second = await uploadVersion(editor, row.id, textUpload('race.txt', 'race two'));
  await ingestVersion(second.version.id, job());
  await ingestVersion(row.version.id, job());
  const full = await readDocument(editor, row.id);
  assert.equal(full.currentVersion, 2);
  assert.deepEqual(full.versions.map((version) => [version.number, version.state, version.validFrom === null]), [[2, 'ready', false], [1, 'ready', true]]);
});

test('a file without text, and one that is damaged, fail at once with words, leave nothing in the index, and can be tried again', async () => {
  const blank = await uploadDocument(editor, collectionId, textUpload('blank.txt', '   \n\n  \n'));
  await ingestVersion(blank.version.id, job());
  assert.equal((await readRow(editor, blank.id)).version.problem?.code, 'file-no-text');
  const broken = await uploadDocument(editor, collectionId, textUpload('broken.pdf', '%PDF-1.7\nnothing of a PDF follows'));
  await ingestVersion(broken.version.id, job());
  const failed = await readRow(editor, broken.id);
  assert.equal(failed.version.state, 'failed');
  assert.match(failed.version.problem?.code ?? '', /^file-/);
  assert.notEqual(failed.version.problem?.detail, '');
  assert.equal(failed.currentVersion, null);
  assert.deepEqual(await counts(broken.id), { blocks: 0, chunks: 0, postings: 0, vectors: 0 });
  assert.deepEqual(await events(broken.id), ['document.uploaded', 'version.failed']);
  await retryVersion(editor, broken.id, broken.version.id);
  await ingestVersion(broken.version.id, job());
  assert.equal((await readRow(editor, broken.id)).version.state, 'failed');
});

test('a failure that may pass is thrown for the queue to try again, and told to people after the last try', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('lost.txt', 'the disk is away'));
  const stored = path.join(files.folder, row.version.sha256.slice(0, 2), row.version.sha256);
  const bytes = await readFile(stored);
  await rm(stored);
  await assert.rejects(ingestVersion(row.version.id, job(0)), /stored file is missing/);
  assert.notEqual((await readRow(editor, row.id)).version.state, 'failed');
  await ingestVersion(row.version.id, job(retriesMax));
  assert.equal((await readRow(editor, row.id)).version.problem?.code, 'internal');
  const again = await uploadVersion(editor, row.id, { fileName: 'lost.txt', body: pieces([bytes]), bytesMax: 1000 });
  await ingestVersion(again.version.id, job());
  assert.equal((await readRow(editor, row.id)).currentVersion, 2);
});

test('what a worker left behind midway is replaced by the next one and was never visible', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('midway.md', '# One\n\nFirst words.\n\n# Two\n\nSecond words.'));
  const lease = await claim(row.version.id);
  assert.ok(lease !== null);
  await storeBlocks(lease, [{ kind: 'paragraph', text: 'half a document' }]);
  await storeChunks(lease, [{ ordinal: 0, text: 'half a document', place: { from: { block: 0, offset: 0 }, to: { block: 0, offset: 4 }, headings: [] } }]);
  const name = { documentId: row.id, versionId: row.version.id };
  assert.deepEqual(await readBlocks(editor, name, first), { blocks: [], total: 0, pageCount: null });
  assert.deepEqual((await readPassages(editor, name, { limit: 10 })).items, []);
  await ingestVersion(row.version.id, job(1));
  assert.deepEqual((await readBlocks(editor, name, first)).blocks.map((block) => block.text), ['One', 'First words.', 'Two', 'Second words.']);
  await checkIndex(row.id);
});

test('a worker that was thought dead and comes back writes nothing over its successor', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('zombie.txt', 'the living words'));
  const zombie = await claim(row.version.id);
  assert.ok(zombie !== null);
  await ingestVersion(row.version.id, job(1));
  const before = await counts(row.id);
  const chunk = { ordinal: 7, text: 'dead words', place: { from: { block: 0, offset: 0 }, to: { block: 0, offset: 4 }, headings: [] } };
  await assert.rejects(storeBlocks(zombie, [{ kind: 'paragraph', text: 'dead words' }]), LeaseLost);
  await assert.rejects(storeChunks(zombie, [chunk]), LeaseLost);
  await assert.rejects(clear(zombie), LeaseLost);
  await assert.rejects(publish(zombie), LeaseLost);
  assert.deepEqual(await counts(row.id), before);
});

test('two workers on one version at once: one of them finishes it, whole and once', async () => {
  const text = Array.from({ length: 60 }, (_, index) => `# Part ${index}\n\n${`Words of part ${index}. `.repeat(30)}`).join('\n\n');
  const row = await uploadDocument(editor, collectionId, textUpload('both.md', text));
  await Promise.all([ingestVersion(row.version.id, job()), ingestVersion(row.version.id, job(1))]);
  assert.equal((await readRow(editor, row.id)).version.state, 'ready');
  const page = await readBlocks(editor, { documentId: row.id, versionId: row.version.id }, first);
  assert.equal(page.total, 120);
  assert.deepEqual(page.blocks.map((block) => block.ordinal), Array.from({ length: 120 }, (_, index) => index));
  await checkIndex(row.id);
  assert.equal((await events(row.id)).filter((event) => event === 'version.ready').length, 1);
});

test('a deleted document is purged of every row and its file, with a receipt; old versions go too', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('gone.md', '# Gone\n\nOld words.'));
  await ingestVersion(row.version.id, job());
  const second = await uploadVersion(editor, row.id, textUpload('gone.md', '# Gone\n\nNew words.'));
  await ingestVersion(second.version.id, job());
  const before = await counts(row.id);
  await purgeDocument(row.id);
  assert.deepEqual(await counts(row.id), before, 'a document that is not deleted is not purged');
  await deleteDocument(editor, row.id);
  await purgeDocument(row.id);
  await purgeDocument(row.id);
  assert.deepEqual(await counts(row.id), { blocks: 0, chunks: 0, postings: 0, vectors: 0 });
  const receipts = (await records(row.id)).filter((record) => record.event === 'document.purged');
  assert.deepEqual(receipts.map((receipt) => receipt.details), [{ removed: { ...before, files: 2 }, left: 0 }]);
  const left = (await readdir(files.folder, { recursive: true })).filter((name) => name.includes(row.version.sha256) || name.includes(second.version.sha256));
  assert.deepEqual(left, []);
});

test('a file that another document uses outlives the purge of one of them', async () => {
  const elsewhere = await addCollection(admin, 'Elsewhere', { editors: [editor] });
  const one = await uploadDocument(editor, collectionId, textUpload('shared.txt', 'shared words'));
  const other = await uploadDocument(editor, elsewhere, textUpload('shared.txt', 'shared words'));
  await deleteDocument(editor, one.id);
  await purgeDocument(one.id);
  await ingestVersion(other.version.id, job());
  assert.equal((await readRow(editor, other.id)).version.state, 'ready');
  await deleteDocument(editor, other.id);
  await purgeDocument(other.id);
  assert.ok(!(await readdir(files.folder, { recursive: true })).some((name) => name.includes(one.version.sha256)));
});

test('a document deleted while it is being read stays deleted', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('hurry.txt', 'read me quickly'));
  const lease = await claim(row.version.id);
  assert.ok(lease !== null);
  await deleteDocument(editor, row.id);
  await assert.rejects(storeBlocks(lease, [{ kind: 'paragraph', text: 'too late' }]), LeaseLost);
  await ingestVersion(row.version.id, job());
  await purgeDocument(row.id);
  assert.deepEqual(await counts(row.id), { blocks: 0, chunks: 0, postings: 0, vectors: 0 });
});

test('a version that no job stands for any more is ended with a sentence', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('abandoned.txt', 'nobody reads me'));
  await giveUpAbandoned();
  assert.equal((await readRow(editor, row.id)).version.state, 'waiting');
  await transaction(ingestActor, (tx) => sql`delete from pgboss.job where data ->> 'versionId' = ${row.version.id}`.execute(tx));
  await giveUpAbandoned();
  const failed = await readRow(editor, row.id);
  assert.equal(failed.version.problem?.code, 'internal');
  await giveUp(row.version.id);
  assert.deepEqual(await events(row.id), ['document.uploaded', 'version.failed']);
});

test('what a broken upload left is swept a day later, and a file that a version names moves to its place', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('waits.txt', 'waits in the incoming folder'));
  const { rename, writeFile } = await import('node:fs/promises');
  const incoming = path.join(files.folder, 'incoming');
  const place = path.join(files.folder, row.version.sha256.slice(0, 2), row.version.sha256);
  await rename(place, path.join(incoming, `${row.version.sha256}.some-id`));
  await writeFile(path.join(incoming, 'left-over.part'), 'half a file');
  await sweepIncoming();
  assert.equal((await readdir(incoming)).length, 2);
  await sweepIncoming(Date.now() + 25 * 60 * 60_000);
  assert.deepEqual(await readdir(incoming), []);
  await ingestVersion(row.version.id, job());
  assert.equal((await readRow(editor, row.id)).version.state, 'ready');
});
