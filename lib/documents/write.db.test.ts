import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { isProblem } from '#lib/errors.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { deleteDocument, retitleDocument, retryVersion } from './change.ts';
import { downloadFileOf, openFileOf, readBlocks, readPassages } from './content.ts';
import { readIngestion, readProgress } from './progress.ts';
import { listDocuments, readDocument, readRow } from './read.ts';
import { addCollection, addMember, openTestFiles, pieces, textUpload } from './testing.ts';
import { uploadDocument, uploadVersion } from './write.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
let admin: MemberActor;
let compliance: MemberActor;
let reader: MemberActor;
let editor: MemberActor;
let stranger: MemberActor;
let collectionId: string;

before(async () => {
  admin = await addMember('Ada', 'admin');
  compliance = await addMember('Cora', 'compliance');
  reader = await addMember('Rita');
  editor = await addMember('Edda');
  stranger = await addMember('Sven');
  collectionId = await addCollection(admin, 'Handbook', { readers: [reader], editors: [editor] });
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

const everything = { limit: 100 };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const code = (expected: string) => (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === expected;

async function storedFiles(): Promise<string[]> {
  const all = await readdir(files.folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => path.relative(files.folder, path.join(entry.parentPath, entry.name))).sort();
}

async function records(documentId: string): Promise<string[]> {
  const { rows } = await transaction(compliance, (tx) => sql<{ event: string }>`select event from audit_records where document_id = ${documentId} order by seq`.execute(tx));
  return rows.map((row) => row.event);
}

async function jobs(name: string, key: string): Promise<number> {
  const { rows } = await transaction(ingestActor, (tx) => sql<{ count: number }>`
    select count(*) as count from pgboss.job where name = ${name} and data::text like ${`%${key}%`}`.execute(tx));
  return rows[0]?.count ?? 0;
}

/** Puts a version into a state as ingestion would. */
async function setVersion(versionId: string, values: { state: 'ready' | 'failed'; current?: boolean }): Promise<void> {
  await transaction(ingestActor, (tx) => tx.updateTable('versions')
    .set({ state: values.state, problem_code: values.state === 'failed' ? 'file-damaged' : null, problem_detail: values.state === 'failed' ? 'Broken.' : null, valid_from: values.current === true ? new Date() : null })
    .where('id', '=', versionId).execute());
}

test('an editor uploads a document: row, version, job, record and file are all there', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('travel-and_expenses policy-2026.md', '# Travel\n\nTwo nights.'));
  assert.equal(row.title, 'Travel-and_expenses policy-2026');
  assert.equal(row.format, 'markdown');
  assert.equal(row.version.state, 'waiting');
  assert.equal(row.version.number, 1);
  assert.equal(row.currentVersion, null);
  assert.equal(row.mayRead, true);
  assert.equal(row.mayEdit, true);
  assert.equal(row.version.sha256, sha256('# Travel\n\nTwo nights.'));
  assert.equal(await jobs('ingest-version', row.version.id), 1);
  assert.deepEqual(await records(row.id), ['document.uploaded']);
  assert.ok((await storedFiles()).includes(path.join(row.version.sha256.slice(0, 2), row.version.sha256)));
});

test('who may only read, or not even that, uploads nothing and leaves nothing on disk', async () => {
  const before = await storedFiles();
  await assert.rejects(uploadDocument(reader, collectionId, textUpload('a.txt', 'read only')), code('not-permitted'));
  await assert.rejects(uploadDocument(stranger, collectionId, textUpload('a.txt', 'stranger')), code('not-found'));
  await assert.rejects(uploadDocument(compliance, collectionId, textUpload('a.txt', 'compliance')), code('not-permitted'));
  await assert.rejects(uploadDocument(editor, randomUUID(), textUpload('a.txt', 'nowhere')), code('not-found'));
  assert.deepEqual(await storedFiles(), before);
});

test('the same file is not added twice to a collection, and the answer names where it is', async () => {
  const first = await uploadDocument(editor, collectionId, textUpload('same.txt', 'the same words'));
  const before = await storedFiles();
  await assert.rejects(uploadDocument(editor, collectionId, textUpload('other name.txt', 'the same words')), (error) => {
    assert.ok(isProblem(error, 'already-exists'));
    assert.match(error.message, /as "Same"/);
    assert.equal(error.data['documentId'], first.id);
    return true;
  });
  assert.deepEqual(await storedFiles(), before);
  const elsewhere = await addCollection(admin, 'Elsewhere', { editors: [editor] });
  const copy = await uploadDocument(editor, elsewhere, textUpload('same.txt', 'the same words'));
  assert.equal(copy.version.sha256, first.version.sha256);
  await deleteDocument(editor, first.id);
  await uploadDocument(editor, collectionId, textUpload('again.txt', 'the same words'));
});

test('of the same file uploaded twice at the same moment one is added', async () => {
  const results = await Promise.allSettled(['one', 'two', 'three'].map((name) => uploadDocument(editor, collectionId, textUpload(`${name}.txt`, 'at the same moment'))));
  assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
  for (const result of results) if (result.status === 'rejected') assert.ok(isProblem(result.reason, 'already-exists'));
});

test('a new version keeps the one before as current until it is ready, and numbers go up', async () => {
  const first = await uploadDocument(editor, collectionId, textUpload('rules.txt', 'rules one'));
  await setVersion(first.version.id, { state: 'ready', current: true });
  await assert.rejects(uploadVersion(editor, first.id, textUpload('rules.txt', 'rules one')), code('already-exists'));
  const second = await uploadVersion(editor, first.id, textUpload('rules v2.md', 'rules two'));
  assert.equal(second.version.number, 2);
  assert.equal(second.currentVersion, 1);
  assert.equal(second.format, 'markdown');
  const full = await readDocument(editor, first.id);
  assert.deepEqual(full.versions.map((version) => version.number), [2, 1]);
  assert.equal(full.versions[1]?.validTo, null);
  assert.deepEqual(await records(first.id), ['document.uploaded', 'version.uploaded']);
  await assert.rejects(uploadVersion(reader, first.id, textUpload('rules.txt', 'rules three')), code('not-permitted'));
  await assert.rejects(uploadVersion(stranger, first.id, textUpload('rules.txt', 'rules three')), code('not-found'));
});

test('versions uploaded at the same moment get different numbers', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('many.txt', 'many 0'));
  await Promise.all([1, 2, 3, 4].map((number) => uploadVersion(editor, row.id, textUpload('many.txt', `many ${number}`))));
  const full = await readDocument(editor, row.id);
  assert.deepEqual(full.versions.map((version) => version.number), [5, 4, 3, 2, 1]);
});

test('a file that is refused leaves no file, no row and no job', async () => {
  const before = await storedFiles();
  const counted = (await listDocuments(editor, collectionId, everything)).total;
  await assert.rejects(uploadDocument(editor, collectionId, textUpload('empty.txt', '')), code('file-empty'));
  await assert.rejects(uploadDocument(editor, collectionId, textUpload('program.exe', 'MZ')), code('file-type-unsupported'));
  await assert.rejects(uploadDocument(editor, collectionId, textUpload('not really.pdf', 'plain words')), code('file-type-mismatch'));
  await assert.rejects(uploadDocument(editor, collectionId, { ...textUpload('big.txt', 'x'.repeat(100)), bytesMax: 99 }), code('file-too-large'));
  await assert.rejects(uploadDocument(editor, collectionId, { ...textUpload('cut.txt', 'x'.repeat(100)), bytesExpected: 101 }), code('file-incomplete'));
  await assert.rejects(uploadDocument(editor, collectionId, { ...textUpload('other.txt', 'x'), sha256Expected: sha256('y') }), code('file-incomplete'));
  async function* broken() {
    yield Buffer.from('the beginning');
    throw new Error('aborted');
  }
  await assert.rejects(uploadDocument(editor, collectionId, { fileName: 'broken.txt', body: broken(), bytesMax: 1000 }), code('file-incomplete'));
  assert.deepEqual(await storedFiles(), before);
  assert.equal((await listDocuments(editor, collectionId, everything)).total, counted);
});

test('an announced size that is too large is refused before a byte is read', async () => {
  let read = 0;
  async function* body() {
    read += 1;
    yield Buffer.from('x');
  }
  await assert.rejects(uploadDocument(editor, collectionId, { fileName: 'a.txt', body: body(), bytesExpected: 2000, bytesMax: 1000 }), code('file-too-large'));
  assert.equal(read, 0);
});

test('twenty megabytes stream to disk in small memory and arrive unchanged', async () => {
  const piece = Buffer.alloc(64 * 1024, 'All work and no play. ');
  const count = 320;
  const hash = createHash('sha256');
  function* parts() {
    for (let index = 0; index < count; index += 1) {
      const part = Buffer.from(piece);
      part.write(`line ${index}\n`);
      hash.update(part);
      yield part;
    }
  }
  const residentBefore = process.memoryUsage().rss;
  const row = await uploadDocument(editor, collectionId, { fileName: 'large.txt', body: pieces(parts()), bytesMax: 50_000_000 });
  const grown = process.memoryUsage().rss - residentBefore;
  assert.equal(row.bytes, count * piece.length);
  assert.equal(row.version.sha256, hash.digest('hex'));
  assert.ok(grown < 60_000_000, `memory grew by ${grown} bytes`);
});

test('a document is invisible the moment it is deleted, with its record and job', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('to go.txt', 'soon gone'));
  await assert.rejects(deleteDocument(reader, row.id), code('not-permitted'));
  await assert.rejects(deleteDocument(stranger, row.id), code('not-found'));
  await deleteDocument(editor, row.id);
  for (const actor of [editor, reader, admin, compliance]) await assert.rejects(readRow(actor, row.id), code('not-found'));
  await assert.rejects(deleteDocument(editor, row.id), code('not-found'));
  assert.deepEqual(await readProgress(editor, [row.id]), []);
  assert.equal(await jobs('purge-document', row.id), 1);
  assert.deepEqual(await records(row.id), ['document.uploaded', 'document.deleted']);
});

test('a title is cleaned, changed by editors only, and the record holds both titles', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('title.txt', 'a title'));
  const changed = await retitleDocument(editor, row.id, '  A better \u202e title\n');
  assert.equal(changed.title, 'A better title');
  await assert.rejects(retitleDocument(editor, row.id, ' \u200e '), code('invalid-input'));
  await assert.rejects(retitleDocument(reader, row.id, 'Mine'), code('not-permitted'));
  assert.deepEqual(await records(row.id), ['document.uploaded', 'document.changed']);
});

test('who may edit one document only adds versions to it and neither renames nor deletes it', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('one.txt', 'only this one'));
  const helper = await addMember('Hugo');
  await transaction(admin, (tx) => tx.insertInto('grants').values({ id: randomUUID(), collection_id: collectionId, document_id: row.id, member_id: helper.id, permission: 'edit' }).execute());
  const second = await uploadVersion(helper, row.id, textUpload('one.txt', 'only this one, newer'));
  assert.equal(second.version.number, 2);
  await assert.rejects(retitleDocument(helper, row.id, 'Mine'), code('not-permitted'));
  await assert.rejects(deleteDocument(helper, row.id), code('not-permitted'));
  assert.equal((await listDocuments(helper, collectionId, everything)).total, 1);
});

test('a failed version is tried again once, and only the newest', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('fails.txt', 'it fails'));
  await assert.rejects(retryVersion(editor, row.id, row.version.id), code('edit-conflict'));
  await setVersion(row.version.id, { state: 'failed' });
  assert.deepEqual((await readRow(editor, row.id)).version.problem, { code: 'file-damaged', detail: 'Broken.' });
  const again = await retryVersion(editor, row.id, row.version.id);
  assert.equal(again.version.state, 'waiting');
  assert.equal(await jobs('ingest-version', row.version.id), 2);
  await setVersion(row.version.id, { state: 'failed' });
  await uploadVersion(editor, row.id, textUpload('fails.txt', 'it may work'));
  await assert.rejects(retryVersion(editor, row.id, row.version.id), code('edit-conflict'));
  await assert.rejects(retryVersion(editor, row.id, randomUUID()), code('not-found'));
});

test('an admin without a right to read sees states and neither blocks, passages nor the file; a grant changes that at once', async () => {
  const closed = await addCollection(admin, 'Closed', { editors: [editor] });
  const row = await uploadDocument(editor, closed, textUpload('secret.txt', 'secret words'));
  const name = { documentId: row.id, versionId: row.version.id };
  for (const actor of [admin, compliance]) {
    const seen = await readRow(actor, row.id);
    assert.equal(seen.mayRead, false);
    for (const read of [() => readBlocks(actor, name, { from: 0, limit: 10 }), () => readPassages(actor, name, { limit: 10 }), () => openFileOf(actor, name), () => downloadFileOf(actor, name)]) {
      await assert.rejects(read(), code('not-permitted'));
    }
  }
  await assert.rejects(readBlocks(stranger, name, { from: 0, limit: 10 }), code('not-found'));
  assert.deepEqual(await records(row.id), ['document.uploaded']);
  const grantId = randomUUID();
  await transaction(admin, (tx) => tx.insertInto('grants').values({ id: grantId, collection_id: closed, member_id: admin.id, permission: 'read' }).execute());
  assert.equal((await readBlocks(admin, name, { from: 0, limit: 10 })).total, 0);
  await transaction(admin, (tx) => tx.deleteFrom('grants').where('id', '=', grantId).execute());
  await assert.rejects(readBlocks(admin, name, { from: 0, limit: 10 }), code('not-permitted'));
});

test('reading a document in many pieces is one opening on record, each download one more', async () => {
  const row = await uploadDocument(editor, collectionId, textUpload('opened.txt', 'open me'));
  const name = { documentId: row.id, versionId: row.version.id };
  await readBlocks(reader, name, { from: 0, limit: 10 });
  await readPassages(reader, name, { limit: 10 });
  await openFileOf(reader, name);
  await openFileOf(editor, name);
  assert.equal((await downloadFileOf(reader, name)).fileName, 'opened.txt');
  await downloadFileOf(reader, name);
  assert.deepEqual(await records(row.id), ['document.uploaded', 'document.opened', 'document.opened', 'file.downloaded', 'file.downloaded']);
});

test('a list is paged by title, filtered, counted, and shows each member their own rights', async () => {
  const many = await addCollection(admin, 'Many', { readers: [reader], editors: [editor] });
  const titles = ['beta', 'Alpha', 'gamma 100%', 'delta', 'beta'];
  for (const [index, title] of titles.entries()) await uploadDocument(editor, many, { ...textUpload(`${index}.txt`, `text ${index}`), title });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listDocuments(reader, many, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    assert.equal(page.total, 5);
    seen.push(...page.items.map((row) => row.title));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen, ['Alpha', 'beta', 'beta', 'delta', 'gamma 100%']);
  assert.deepEqual((await listDocuments(reader, many, { limit: 10, q: '0%' })).items.map((row) => row.title), ['gamma 100%']);
  assert.equal((await listDocuments(reader, many, { limit: 10, q: '%' })).total, 1);
  assert.deepEqual((await listDocuments(reader, many, everything)).items.map((row) => row.mayEdit), [false, false, false, false, false]);
  await assert.rejects(listDocuments(stranger, many, everything), code('not-found'));
  await assert.rejects(listDocuments(reader, many, { limit: 2, cursor: 'nonsense' }), code('invalid-input'));
});

test('the overview counts documents by the state of their newest version', async () => {
  const overview = await readIngestion(admin);
  assert.ok(overview.counts.waiting > 0);
  assert.ok(overview.items.every((item) => item.version.state !== 'ready' && item.version.state !== 'failed'));
  assert.ok(overview.failed.every((item) => item.version.state === 'failed'));
  assert.equal(overview.items.length, Math.min(200, overview.counts.waiting + overview.counts.parsing + overview.counts.embedding));
});
