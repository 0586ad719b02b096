/**
 * `npm run test:authz:rivals`: holes that were found in comparable products, each tried on our routes as it was tried
 * on theirs. The names are those of the reports; what they have in common is one check on one path and a second path
 * that forgot it. (Onyx 6074037022, a connector that fetched more than its rights, has no counterpart: nothing is
 * fetched from anywhere.)
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { oracleOf } from '#lib/access/testing-oracle.ts';
import type { World } from '#lib/access/testing-world.ts';
import { transaction } from '#lib/db/transaction.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { openTestFiles } from '#lib/documents/testing.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { buildWorld, type Built, type Placed, type Visitor } from './testing-build.ts';
import { startTestModels, type TestModels } from './testing-models.ts';
import { evidenceIn } from './testing-paths.ts';
import { handle, requestOf, visitsTo, type Answered, type Sending, type Visits } from './testing-visit.ts';

/** Erin edits collection 0 and may read a restricted document in it; Rob reads collection 0; Olga reads collection 1 alone. */
const people = { erin: 0, rob: 1, olga: 2, admin: 3, compliance: 4 } as const;
const world: World = {
  members: (['employee', 'employee', 'employee', 'admin', 'compliance'] as const).map((role) => ({ role, disabled: false })),
  groups: 1, nestings: [], memberships: [], collections: 2, choice: 0,
  documents: [{ collection: 0, restricted: false, deleted: false }, { collection: 0, restricted: true, deleted: false }, { collection: 1, restricted: false, deleted: false }],
  grants: [
    { collection: 0, document: null, to: { kind: 'member', index: people.erin }, permission: 'edit', end: 'none' },
    { collection: 0, document: 1, to: { kind: 'member', index: people.erin }, permission: 'read', end: 'none' },
    { collection: 0, document: null, to: { kind: 'member', index: people.rob }, permission: 'read', end: 'none' },
    { collection: 1, document: null, to: { kind: 'member', index: people.olga }, permission: 'read', end: 'none' },
  ],
};

let database: TestDatabase;
let files: Awaited<ReturnType<typeof openTestFiles>>;
let models: TestModels;
let built: Built;
let visits: Visits;
before(async () => {
  database = await openTestDatabase();
  files = await openTestFiles();
  models = await startTestModels();
  built = await buildWorld(world);
  visits = visitsTo(built, oracleOf(world), models);
});
after(async () => {
  await closeQueue();
  await database.stop();
  await models.stop();
  await files.stop();
});

const who = (name: keyof typeof people): Visitor => built.visitors[people[name]]!;
const document = (number: number): Placed => built.documents[number]!;
const as = (name: keyof typeof people, methodAndPath: string, sending?: Sending): Promise<Answered> => visits.call(who(name), methodAndPath, sending);
const ask = (name: keyof typeof people, json: object): Promise<Answered> => as(name, 'POST /api/ask', { json });
const turnOf = (name: keyof typeof people, number: number): string => built.turnIds.get(`${people[name]} ${number}`)!;
const versionOf = (number: number): string => `/api/documents/${document(number).id}/versions/${document(number).versionId}`;

/** Holds that each of these is refused, and that not one byte of what was asked for came back. */
async function refused(name: keyof typeof people, addresses: readonly string[], sending?: Sending): Promise<void> {
  for (const address of addresses) {
    const { status, text } = await as(name, address, sending);
    assert.ok(status === 403 || status === 404, `${address}: ${status} ${text.slice(0, 300)}`);
  }
}

async function upload(name: keyof typeof people, address: string, body: string): Promise<Answered> {
  const bare = requestOf(who(name), `POST ${address}`);
  const response = await handle(new Request(bare, { body }));
  const text = await response.text();
  visits.inspect(who(name), address, text);
  return { status: response.status, headers: response.headers, text };
}

test('Open WebUI CVE-2026-45398: naming somebody else\'s collection neither searches it nor writes into it', async () => {
  const foreign = built.collectionIds[0]!;
  const { text } = await ask('olga', { question: `What is the door code of ${document(0).word}?`, scope: [foreign] });
  assert.equal(evidenceIn(text).size, 0);
  const { status } = await upload('olga', `/api/collections/${foreign}/documents?name=poison.txt`, 'poison');
  assert.equal(status, 404);
  assert.equal((await upload('rob', `/api/collections/${foreign}/documents?name=poison.txt`, 'poison')).status, 403);
  await refused('olga', [`PATCH /api/collections/${foreign}`], { json: { name: 'Mine', revision: 1 } });
});

test('Open WebUI CVE-2026-45671: an answer that cites a document gives no right to change or delete it', async () => {
  await ask('rob', { question: `What is the door code of ${document(0).word}?` });
  await refused('rob', [`DELETE /api/documents/${document(0).id}`, `POST ${versionOf(0)}/retry`]);
  await refused('rob', [`PATCH /api/documents/${document(0).id}`], { json: { title: 'Mine' } });
  assert.equal((await upload('rob', `/api/documents/${document(0).id}/versions?name=poison.txt`, 'poison')).status, 403);
  assert.equal((await as('rob', `GET /api/documents/${document(0).id}`)).status, 200);
});

test('Open WebUI CVE-2026-45402: a document cannot be brought into reach under another collection, nor by its own bytes', async () => {
  await refused('olga', [`POST /api/collections/${built.collectionIds[1]}/grants`], { json: { to: { kind: 'member', id: who('olga').actor.id }, permission: 'read', documentId: document(0).id } });
  const asAdmin = await as('admin', `POST /api/collections/${built.collectionIds[1]}/grants`, { json: { to: { kind: 'member', id: who('olga').actor.id }, permission: 'read', documentId: document(0).id } });
  assert.equal(asAdmin.status, 422);
  // Whoever has the bytes of a hidden document does not learn from uploading them that it is there.
  const grantId = randomUUID();
  await transaction(built.builder, (tx) => tx.insertInto('grants').values({ id: grantId, collection_id: built.collectionIds[1]!, member_id: who('rob').actor.id, permission: 'edit' }).execute());
  const again = await upload('rob', `/api/collections/${built.collectionIds[1]}/documents?name=same.txt`, document(1).text);
  assert.equal(again.status, 201, again.text);
  assert.equal((await as('rob', `GET ${versionOf(1)}/blocks`)).status, 404);
  await transaction(built.builder, (tx) => tx.deleteFrom('grants').where('id', '=', grantId).execute());
});

test('LibreChat CVE-2026-31950: a turn\'s id gives nobody else its answer, its stream or its end', async () => {
  const turn = turnOf('erin', 1);
  await refused('olga', [`POST /api/turns/${turn}/stop`, `GET /api/conversations/${who('erin').conversationId}`]);
  await refused('admin', [`POST /api/turns/${turn}/stop`, `GET /api/conversations/${who('erin').conversationId}`]);
  await refused('compliance', [`GET /api/conversations/${who('erin').conversationId}`]);
  await refused('olga', ['POST /api/ask'], { json: { conversationId: who('erin').conversationId, regenerate: turn } });
});

test('Dify CVE-2026-41949: the preview of a file asks what the file asks', async () => {
  for (const name of ['olga', 'rob', 'admin', 'compliance'] as const) {
    await refused(name, [`GET ${versionOf(1)}/blocks`, `GET ${versionOf(1)}/blocks?from=0&limit=1`, `GET ${versionOf(1)}/passages`, `GET ${versionOf(1)}/file`, `GET ${versionOf(1)}/file?download=1`]);
    await refused(name, [`GET ${versionOf(1)}/file`], { headers: { range: 'bytes=0-99' } });
  }
});

test('Dify CVE-2026-41950: ids of other people\'s files in a question reach nothing', async () => {
  const id = document(0).id;
  const { status, text } = await ask('olga', { question: `What is the door code of ${document(0).word}?`, files: [id], documentIds: [id], document_ids: [id], fileIds: [document(0).versionId], evidence: [{ documentId: id }] });
  assert.ok(status === 422 || evidenceIn(text).size === 0 || !evidenceIn(text).has(id), text.slice(0, 500));
});

test('Flowise CVE-2026-41277: an id in the body of a new thing never makes it somebody else\'s thing', async () => {
  const before = await as('admin', `GET /api/collections/${built.collectionIds[0]}`);
  await as('admin', 'POST /api/collections', { json: { id: built.collectionIds[0], name: `Taken ${randomUUID()}`, description: '' } });
  assert.equal((await as('admin', `GET /api/collections/${built.collectionIds[0]}`)).text, before.text);
  const key = await as('olga', 'POST /api/keys', { json: { name: 'Mine', scopes: ['search'], days: 1, memberId: who('erin').actor.id, member_id: who('erin').actor.id } });
  assert.ok(key.status === 422 || key.status === 201, key.text);
  assert.equal(z.object({ items: z.array(z.unknown()) }).parse(JSON.parse((await as('erin', 'GET /api/keys')).text)).items.length, 1);
  const asked = await ask('olga', { question: 'Hello there?', memberId: who('erin').actor.id, turnId: turnOf('erin', 0), id: turnOf('erin', 0) });
  assert.ok(asked.status === 200 || asked.status === 422);
  assert.equal((await as('erin', `GET /api/conversations/${who('erin').conversationId}`)).text.includes('Hello there'), false);
});

test('AnythingLLM f2030343d: documents are deleted and embedded anew only by those who may edit them', async () => {
  for (const name of ['olga', 'rob', 'compliance'] as const) await refused(name, [`DELETE /api/documents/${document(0).id}`, `POST ${versionOf(0)}/retry`]);
  // The editor of the collection has no more than a right to read the restricted document.
  await refused('erin', [`POST ${versionOf(1)}/retry`]);
  assert.equal((await upload('erin', `/api/documents/${document(1).id}/versions?name=poison.txt`, 'poison')).status, 403);
});

test('AnythingLLM 34a42a33e: nobody rates somebody else\'s answer', async () => {
  for (const name of ['olga', 'admin', 'compliance'] as const) await refused(name, [`PUT /api/turns/${turnOf('erin', 0)}/feedback`], { json: { verdict: 'down' } });
  await as('olga', `DELETE /api/turns/${turnOf('erin', 0)}/feedback`);
});

test('AnythingLLM 7908c1037 and 732eac6fa: what the pages of a manager do not offer, the routes do not give', async () => {
  await refused('rob', ['GET /api/members', 'GET /api/groups', 'GET /api/models', 'GET /api/ingestion', 'GET /api/audit/records', 'GET /api/member-keys', `PATCH /api/members/${who('rob').actor.id}`], {});
  // An admin manages, and neither reads content nor what people ask.
  await refused('admin', [`GET ${versionOf(0)}/blocks`, `POST /api/documents/${document(0).id}/opened`, `GET /api/conversations/${who('rob').conversationId}`, 'GET /api/audit/records']);
  await refused('compliance', ['GET /api/members', `GET ${versionOf(0)}/blocks`]);
});

test('RAGFlow 844e3ea64d: another\'s conversation is not completed, neither here nor by a program', async () => {
  await refused('olga', ['POST /api/ask'], { json: { question: 'And then?', conversationId: who('erin').conversationId } });
  const json = { model: 'attest', messages: [{ role: 'user', content: 'And then?' }], conversation_id: who('erin').conversationId, conversationId: who('erin').conversationId, session_id: turnOf('erin', 1) };
  await as('olga', 'POST /v1/chat/completions', { json, signedIn: false, headers: { authorization: `Bearer ${who('olga').key}` } });
  assert.equal((await as('erin', `GET /api/conversations/${who('erin').conversationId}`)).text.includes('And then?'), false);
});

test('RAGFlow 7433fbb77b: a search names no collection that its asker may not read, and counts none', async () => {
  const { text } = await ask('olga', { question: 'What are the door codes?' });
  assert.equal(text.includes(built.collectionIds[0]!), false);
  const searched = /"type":"searched"[^\n]*?"collections":(\d+),"documents":(\d+)/.exec(text);
  assert.deepEqual(searched === null ? ['1', '1'] : searched.slice(1), ['1', '1']);
});

test('RAGFlow 43a9d53c72: a list of ids gives the state of one\'s own documents among them', async () => {
  const { text } = await as('olga', `GET /api/documents/progress?ids=${built.documents.map(({ id }) => id).join(',')}`);
  assert.deepEqual(z.object({ items: z.array(z.object({ documentId: z.string() })) }).parse(JSON.parse(text)).items.map(({ documentId }) => documentId), [document(2).id]);
});

test('RAGFlow dfd95c9c5c: a version is reached through its own document only', async () => {
  // Olga may read document 2; the version is document 0's.
  const borrowed = `/api/documents/${document(2).id}/versions/${document(0).versionId}`;
  await refused('olga', [`GET ${borrowed}/file`, `GET ${borrowed}/blocks`, `GET ${borrowed}/passages`, `POST /api/documents/${document(2).id}/opened?version=${document(0).versionId}`]);
});

test('Onyx 2ad66cd791: nothing that one person was answered is kept for the next, and a right taken away is gone at once', async () => {
  const question = { question: `What is the door code of ${document(0).word}?` };
  const first = await ask('rob', question);
  assert.ok(evidenceIn(first.text).has(document(0).id), first.text.slice(0, 1000));
  assert.equal(evidenceIn((await ask('olga', question)).text).has(document(0).id), false);
  assert.ok(evidenceIn((await ask('rob', question)).text).has(document(0).id));
  await transaction(built.builder, (tx) => tx.deleteFrom('grants').where('member_id', '=', who('rob').actor.id).where('collection_id', '=', built.collectionIds[0]!).execute());
  assert.equal(evidenceIn((await ask('rob', question)).text).has(document(0).id), false);
  await refused('rob', [`GET ${versionOf(0)}/blocks`]);
  const history = await as('rob', `GET /api/conversations/${who('rob').conversationId}`);
  assert.equal(history.text.includes(document(0).canary), false);
});

test('Onyx 08ab7b4c7c: an employee is told nobody\'s e-mail address and nothing of how the product is set up', async () => {
  const addresses = [`GET /api/documents/${document(2).id}`, `GET /api/collections/${built.collectionIds[1]}/documents`, 'GET /api/collections', `GET /api/collections/${built.collectionIds[1]}/grants`, 'GET /api/profile', 'GET /api/status', 'GET /api/sessions', `GET /api/conversations/${who('olga').conversationId}`];
  for (const address of addresses) {
    const { text } = await as('olga', address);
    for (const other of built.visitors) if (other.number !== people.olga) assert.equal(text.includes(other.actor.email) || text.includes(other.actor.name), false, `${address} names ${other.actor.name}`);
    assert.doesNotMatch(text, /postgres(?:ql)?:\/\/|127\.0\.0\.1:\d+\/v1|MODELS_KEY|AUTH_SECRET/, address);
  }
});

test('Onyx issue 13165: no list shows a key, a token or a hash of one', async () => {
  for (const [name, address] of [['admin', 'GET /api/member-keys'], ['admin', 'GET /api/members'], ['erin', 'GET /api/keys'], ['erin', 'GET /api/sessions']] as const) {
    const { status, text } = await as(name, address);
    assert.equal(status, 200, `${address} ${text.slice(0, 200)}`);
    for (const secret of built.visitors.flatMap(({ key, token }) => [key, token])) assert.equal(text.includes(secret), false, address);
    assert.doesNotMatch(text, /sha256"|"token"|"secret"|"hash"/i, address);
  }
});

test('nothing of a document reached anybody without the right to it while all this was tried', () => assert.deepEqual(visits.leaks, []));
