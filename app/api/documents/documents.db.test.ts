/** The routes of collections, grants and documents as requests meet them, on a real database and without a server. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { z } from 'zod';
import * as collectionRoute from '#app/api/collections/[id]/route.ts';
import * as collectionDocuments from '#app/api/collections/[id]/documents/route.ts';
import * as collectionGrants from '#app/api/collections/[id]/grants/route.ts';
import * as collections from '#app/api/collections/route.ts';
import * as grantRoute from '#app/api/grants/[id]/route.ts';
import * as ingestion from '#app/api/ingestion/route.ts';
import { ingestVersion } from '#ingest/run.ts';
import { signInActor, type MemberActor } from '#lib/actor.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { addMember, openTestFiles } from '#lib/documents/testing.ts';
import { env } from '#lib/env.ts';
import type { RouteHandler } from '#lib/http/route.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import * as documents from './route.ts';
import * as document from './[id]/route.ts';
import * as opened from './[id]/opened/route.ts';
import * as versions from './[id]/versions/route.ts';
import * as blocks from './[id]/versions/[versionId]/blocks/route.ts';
import * as file from './[id]/versions/[versionId]/file/route.ts';
import * as passages from './[id]/versions/[versionId]/passages/route.ts';
import * as retry from './[id]/versions/[versionId]/retry/route.ts';
import * as progress from './progress/route.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
let admin: MemberActor;
let compliance: MemberActor;
let employee: MemberActor;
const tokens = new Map<string, string>();

before(async () => {
  admin = await addMember('Ada', 'admin');
  compliance = await addMember('Cora', 'compliance');
  employee = await addMember('Emil');
  for (const { id } of [admin, compliance, employee]) {
    const token = newSessionToken();
    tokens.set(id, token);
    await transaction(signInActor, (tx) => tx.insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: id, expires_at: new Date(Date.now() + 600_000) }).execute());
  }
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

interface Asking {
  params?: Record<string, string>;
  query?: Record<string, string>;
  json?: unknown;
  body?: ReadableStream<Uint8Array> | Buffer<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** Calls a handler as that member's browser would. */
async function ask([handler, method]: readonly [RouteHandler, string], actor: MemberActor | null, { params = {}, query = {}, json, body, headers = {} }: Asking = {}): Promise<Response> {
  const url = new URL('/api/test', env().ATTEST_URL);
  url.search = new URLSearchParams(query).toString();
  const sent = json === undefined ? body : Buffer.from(JSON.stringify(json));
  const request = new Request(url, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(actor === null ? {} : { cookie: `attest-session=${tokens.get(actor.id)}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
  });
  return handler(request, { params: Promise.resolve(params) });
}

const idSchema = z.looseObject({ id: z.string() });
const documentSchema = z.looseObject({ id: z.string(), version: z.looseObject({ id: z.string(), state: z.string() }), currentVersion: z.number().nullable() });

async function read<Shape extends z.ZodType>(response: Response, status: number, shape: Shape): Promise<z.infer<Shape>> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return shape.parse(JSON.parse(text));
}

async function problem(response: Response, status: number, code: string): Promise<string> {
  const body = await read(response, status, z.looseObject({ code: z.string(), detail: z.string() }));
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(body.code, code);
  return body.detail;
}

const addCollection = async (): Promise<string> => (await read(await ask([collections.POST, 'POST'], admin, { json: { name: `Collection ${randomUUID()}` } }), 201, idSchema)).id;
const grant = async (id: string, permission: 'read' | 'edit') =>
  read(await ask([collectionGrants.POST, 'POST'], admin, { params: { id }, json: { to: { kind: 'member', id: employee.id }, permission } }), 201, z.looseObject({ id: z.string(), revision: z.number() }));
const upload = (actor: MemberActor, id: string, { name, body }: { name: string; body: Buffer<ArrayBuffer> }) => ask([collectionDocuments.POST, 'POST'], actor, { params: { id }, query: { name }, body, headers: { 'content-length': String(body.length) } });

async function storedFiles(): Promise<number> {
  const entries = await readdir(files.folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}

test('from an empty library to a passage that an employee reads, and the trail it leaves', async () => {
  const collectionId = await addCollection();
  await grant(collectionId, 'read');
  const text = Buffer.from('# Parking\n\nVisitors park on level 2.');
  const row = await read(await upload(admin, collectionId, { name: 'parking rules.md', body: text }), 201, documentSchema);
  const tray = await read(await ask([progress.GET, 'GET'], employee, { query: { ids: row.id } }), 200, z.object({ items: z.array(z.looseObject({ documentId: z.string(), state: z.string() })) }));
  assert.deepEqual(tray.items.map((item) => [item.documentId, item.state]), [[row.id, 'waiting']]);
  await ingestVersion(row.version.id, { signal: new AbortController().signal, attempt: 0 });
  const full = await read(await ask([document.GET, 'GET'], employee, { params: { id: row.id } }), 200, documentSchema);
  assert.equal(full.currentVersion, 1);
  const params = { id: row.id, versionId: row.version.id };
  const shown = await read(await ask([blocks.GET, 'GET'], employee, { params }), 200, z.looseObject({ blocks: z.array(z.looseObject({ text: z.string() })), total: z.number() }));
  assert.deepEqual(shown.blocks.map((block) => block.text), ['Parking', 'Visitors park on level 2.']);
  const found = await read(await ask([passages.GET, 'GET'], employee, { params }), 200, z.looseObject({ items: z.array(z.looseObject({ text: z.string() })) }));
  assert.match(found.items[0]?.text ?? '', /level 2/);
  assert.equal((await ask([opened.POST, 'POST'], employee, { params: { id: row.id } })).status, 204);
  const whole = await ask([file.GET, 'GET'], employee, { params, query: { download: '1' } });
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(text));
  const part = await ask([file.GET, 'GET'], employee, { params, headers: { range: 'bytes=2-8' } });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), 'Parking');
  const { rows } = await transaction(compliance, (tx) => sql<{ event: string; actor: string | null }>`
    select event, actor_id as actor from audit_records where document_id = ${row.id} order by seq`.execute(tx));
  assert.deepEqual(rows.map(({ event, actor }) => [event, actor]), [
    ['document.uploaded', admin.id], ['version.ready', null], ['document.opened', employee.id], ['document.opened', employee.id], ['file.downloaded', employee.id],
  ]);
});

test('an admin without a right to read is told so, and the refusal is on record', async () => {
  const collectionId = await addCollection();
  const row = await read(await upload(admin, collectionId, { name: 'a.txt', body: Buffer.from(randomUUID()) }), 201, documentSchema);
  const params = { id: row.id, versionId: row.version.id };
  for (const handler of [blocks.GET, passages.GET, file.GET]) {
    assert.match(await problem(await ask([handler, 'GET'], admin, { params }), 403, 'not-permitted'), /no right to read it/);
    await problem(await ask([handler, 'GET'], employee, { params }), 404, 'not-found');
    await problem(await ask([handler, 'GET'], null, { params }), 401, 'sign-in-required');
  }
  const refused = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select('seq').where('event', '=', 'request.refused').where('actor_id', '=', admin.id).execute());
  assert.equal(refused.length, 3);
});

test('an upload that breaks off, is too large or says a wrong length leaves nothing', async () => {
  const collectionId = await addCollection();
  const before = await storedFiles();
  const broken = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.alloc(100_000, 1));
    },
    pull(controller) {
      controller.error(new Error('aborted'));
    },
  });
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, { params: { id: collectionId }, query: { name: 'a.txt' }, body: broken }), 400, 'file-incomplete');
  const large = { params: { id: collectionId }, query: { name: 'a.txt' }, body: Buffer.from('x'), headers: { 'content-length': String(env().UPLOAD_BYTES_MAX + 1) } };
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, large), 413, 'file-too-large');
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, { ...large, headers: { 'content-length': '5' } }), 400, 'file-incomplete');
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, { params: { id: collectionId }, query: { name: 'a.txt' } }), 422, 'file-empty');
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, { params: { id: collectionId }, body: Buffer.from('x') }), 422, 'invalid-input');
  await problem(await ask([collectionDocuments.POST, 'POST'], admin, { params: { id: collectionId }, query: { name: 'a.txt', sha256: 'x' }, body: Buffer.from('x') }), 422, 'invalid-input');
  assert.equal(await storedFiles(), before);
});

test('twenty megabytes arrive unchanged through the route, with the hash that the sender computed', async () => {
  const collectionId = await addCollection();
  const body = Buffer.alloc(20 * 1024 * 1024, 'It is a long way. ');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const response = await ask([collectionDocuments.POST, 'POST'], admin, { params: { id: collectionId }, query: { name: 'long.txt', sha256 }, body, headers: { 'content-length': String(body.length) } });
  const row = await read(response, 201, z.looseObject({ bytes: z.number(), version: z.looseObject({ sha256: z.string() }) }));
  assert.deepEqual([row.bytes, row.version.sha256], [body.length, sha256]);
});

test('an employee who may edit manages documents and neither collections nor grants', async () => {
  const collectionId = await addCollection();
  const given = await grant(collectionId, 'edit');
  const row = await read(await upload(employee, collectionId, { name: 'mine.txt', body: Buffer.from(randomUUID()) }), 201, documentSchema);
  await read(await ask([versions.POST, 'POST'], employee, { params: { id: row.id }, query: { name: 'mine.txt' }, body: Buffer.from(randomUUID()) }), 201, documentSchema);
  await read(await ask([document.PATCH, 'PATCH'], employee, { params: { id: row.id }, json: { title: 'Mine' } }), 200, documentSchema);
  await problem(await ask([retry.POST, 'POST'], employee, { params: { id: row.id, versionId: row.version.id } }), 409, 'edit-conflict');
  for (const [handler, method, params, json] of [
    [collections.POST, 'POST', {}, { name: 'Mine' }],
    [collectionRoute.PATCH, 'PATCH', { id: collectionId }, { name: 'Mine', revision: 1 }],
    [collectionRoute.DELETE, 'DELETE', { id: collectionId }, undefined],
    [collectionGrants.POST, 'POST', { id: collectionId }, { to: { kind: 'member', id: employee.id }, permission: 'edit' }],
    [grantRoute.PATCH, 'PATCH', { id: given.id }, { permission: 'edit', expiresAt: null, revision: 1 }],
    [grantRoute.DELETE, 'DELETE', { id: given.id }, undefined],
    [ingestion.GET, 'GET', {}, undefined],
  ] as const) {
    await problem(await ask([handler, method], employee, { params, ...(json === undefined ? {} : { json }) }), 403, 'not-permitted');
  }
  assert.equal((await ask([document.DELETE, 'DELETE'], employee, { params: { id: row.id } })).status, 204);
  await problem(await ask([document.GET, 'GET'], employee, { params: { id: row.id } }), 404, 'not-found');
});

test('two people editing one grant: the second is told what it is now', async () => {
  const collectionId = await addCollection();
  const given = await grant(collectionId, 'read');
  const change = (revision: number) => ask([grantRoute.PATCH, 'PATCH'], admin, { params: { id: given.id }, json: { permission: 'edit', expiresAt: null, revision } });
  await read(await change(given.revision), 200, idSchema);
  const conflict = await read(await change(given.revision), 409, z.looseObject({ code: z.literal('edit-conflict'), current: z.looseObject({ permission: z.string(), revision: z.number() }) }));
  assert.deepEqual([conflict.current.permission, conflict.current.revision], ['edit', 2]);
  await problem(await ask([grantRoute.DELETE, 'DELETE'], admin, { params: { id: given.id }, query: { revision: '1' } }), 409, 'edit-conflict');
  assert.equal((await ask([grantRoute.DELETE, 'DELETE'], admin, { params: { id: given.id }, query: { revision: '2' } })).status, 204);
});

test('documents are found by the words of their titles in every collection that the member may read, and in no other', async () => {
  const word = `w${randomUUID().slice(0, 8)}`;
  const [first, second, hidden] = [await addCollection(), await addCollection(), await addCollection()];
  await grant(first, 'read');
  await grant(second, 'edit');
  const names = [[first, `${word} travel policy.md`], [second, `Old ${word} policy (travel) 100%.md`], [second, `${word} parking.md`], [hidden, `${word} travel salaries.md`]] as const;
  const ids: string[] = [];
  for (const [id, name] of names) ids.push((await read(await upload(admin, id, { name, body: Buffer.from(`About ${name}`) }), 201, documentSchema)).id);
  const page = z.object({ items: z.array(z.looseObject({ id: z.string(), title: z.string(), collectionName: z.string(), mayRead: z.boolean() })), next: z.string().nullable() });
  const find = async (actor: MemberActor, query: Record<string, string>) => read(await ask([documents.GET, 'GET'], actor, { query }), 200, page);
  const idsOf = ({ items }: z.infer<typeof page>): string[] => items.map((item) => item.id).sort();

  assert.deepEqual(idsOf(await find(employee, { q: `travel ${word}` })), [ids[0], ids[1]].sort(), 'every word, in any order, and nothing hidden');
  assert.deepEqual(idsOf(await find(employee, { q: `${word} 100%` })), [ids[1]], 'no character is a pattern');
  assert.deepEqual(idsOf(await find(employee, { q: `${word} PARKING.MD` })), [ids[2]], 'file names count');
  assert.deepEqual(idsOf(await find(admin, { q: word })), [], 'managing a collection is no right to read it');
  assert.ok((await find(employee, { q: word })).items.every((item) => item.mayRead && item.collectionName.startsWith('Collection ')));
  assert.ok((await find(employee, {})).items.length >= 3);

  // Page by page, each document once.
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const found: z.infer<typeof page> = await find(employee, { q: word, limit: '1', ...(cursor === '' ? {} : { cursor }) });
    seen.push(...found.items.map((item) => item.id));
    cursor = found.next;
  }
  assert.deepEqual(seen.sort(), [ids[0], ids[1], ids[2]].sort());
  assert.equal((await ask([document.DELETE, 'DELETE'], employee, { params: { id: ids[2] ?? '' } })).status, 204);
  assert.deepEqual(idsOf(await find(employee, { q: word })), [ids[0], ids[1]].sort(), 'a deleted document is gone');
  await problem(await ask([documents.GET, 'GET'], employee, { query: { q: 'nul \u0000' } }), 422, 'invalid-input');
  await problem(await ask([documents.GET, 'GET'], employee, { query: { cursor: 'x' } }), 422, 'invalid-input');
  await problem(await ask([documents.GET, 'GET'], null, {}), 401, 'sign-in-required');
});

test('malformed requests are told apart from each other and never fail the server', async () => {
  const collectionId = await addCollection();
  const id = { id: collectionId };
  await problem(await ask([collections.POST, 'POST'], admin, { body: Buffer.from('{'), headers: { 'content-type': 'application/json' } }), 400, 'malformed-request');
  await problem(await ask([collections.POST, 'POST'], admin, { body: Buffer.from('{}') }), 400, 'malformed-request');
  for (const json of [{}, { name: '' }, { name: 'a\u0000b' }, { name: 'a', id: randomUUID() }, { name: 'a', description: 'a\u0000' }, [], null, 'x', { name: 'x'.repeat(121) }]) {
    await problem(await ask([collections.POST, 'POST'], admin, { json }), 422, 'invalid-input');
  }
  for (const json of [{}, { to: { kind: 'all', id: randomUUID() }, permission: 'read' }, { to: { kind: 'group', id: 'x' }, permission: 'read' }, { to: { kind: 'member', id: employee.id }, permission: 'own' }, { to: { kind: 'member', id: employee.id }, permission: 'read', expiresAt: 'tomorrow' }]) {
    await problem(await ask([collectionGrants.POST, 'POST'], admin, { params: id, json }), 422, 'invalid-input');
  }
  for (const wrong of ['x', '../..', '%00', '']) await problem(await ask([document.GET, 'GET'], admin, { params: { id: wrong } }), 404, 'not-found');
  await problem(await ask([progress.GET, 'GET'], admin, { query: { ids: 'a,b' } }), 422, 'invalid-input');
  await problem(await ask([collectionDocuments.GET, 'GET'], admin, { params: id, query: { limit: '100000' } }), 422, 'invalid-input');
  await problem(await ask([collectionDocuments.GET, 'GET'], admin, { params: id, query: { q: 'nul \u0000' } }), 422, 'invalid-input');
  for (const cursor of ['x', Buffer.from('["\\u0000","x"]').toString('base64url'), Buffer.from(JSON.stringify(['a\u0000', randomUUID()])).toString('base64url')]) {
    await problem(await ask([collectionDocuments.GET, 'GET'], admin, { params: id, query: { cursor } }), 422, 'invalid-input');
  }
});

test('files lie under their hash only', async () => {
  const names = (await readdir(files.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.relative(files.folder, path.join(entry.parentPath, entry.name)));
  assert.ok(names.length > 0);
  for (const name of names) assert.match(name, /^[0-9a-f]{2}[/\\][0-9a-f]{64}$/);
});
