/** Records of acts whose own tests look at other things: who did it, to what, and with which facts. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { whatCanRead, whoCanRead } from '#lib/access/explain.ts';
import { makeAdminLink } from '#lib/auth/admin-link.ts';
import { addProvider, newProvider, removeProvider } from '#lib/auth/provider-admin.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { retryVersion } from '#lib/documents/change.ts';
import { addCollection, addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { overrideEnv } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { makeScimClient, revokeScimClient } from '#lib/scim/clients.ts';
import { seedDemo } from '#prisma/seed.ts';

const database = await openTestDatabase();
const files = await openTestFiles();
let admin: MemberActor;
let compliance: MemberActor;
before(async () => {
  overrideEnv({ DATA_DIR: files.data, AUTH_SECRET: 'a'.repeat(40) });
  admin = await addMember('Ada', 'admin');
  compliance = await addMember('Cora', 'compliance');
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

/** What the records of that event say, oldest first. */
async function recordsOf(event: string): Promise<{ actor: string | null; subject: string | null; name: unknown; details: Record<string, unknown>; text: string }[]> {
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select(['actor_id', 'subject_id', 'body']).where('event', '=', event).orderBy('seq').execute());
  return rows.map(({ actor_id: actor, subject_id: subject, body }) => {
    const text = body.toString('utf8');
    const { subject_name: name, details } = JSON.parse(text) as { subject_name: unknown; details: Record<string, unknown> };
    return { actor, subject, name, details, text };
  });
}

test('making a link for a first admin is recorded without the link', async () => {
  const { address, expiresAt } = await makeAdminLink();
  const [record, ...more] = await recordsOf('admin-link.made');
  assert.deepEqual([record?.subject, record?.details, more.length], ['admin-link', { expiresAt: expiresAt.toISOString() }, 0]);
  assert.ok(!record?.text.includes(new URL(address).searchParams.get('admin') ?? 'no token'));
});

test('removing an identity provider is recorded with what it was, and nothing is where there was none', async () => {
  const settings = { issuer: 'https://id.example', clientId: 'attest' };
  await addProvider(admin, newProvider.parse({ id: 'gone', kind: 'oidc', name: 'Gone', enabled: false, settings, secret: 'a very secret secret' }));
  await removeProvider(admin, 'gone');
  await assert.rejects(removeProvider(admin, 'gone'), (error) => isProblem(error, 'not-found'));
  const [record, ...more] = await recordsOf('provider.removed');
  assert.deepEqual([record?.actor, record?.subject, record?.name, record?.details['kind'], record?.details['sessionsEnded'], more.length], [admin.id, 'gone', 'Gone', 'oidc', 0, 0]);
  assert.ok(!record?.text.includes('a very secret secret'));
});

test('making and revoking a provisioning client are recorded, once each and without the token', async () => {
  const made = await makeScimClient(admin, { name: 'Entra ID', days: 30 });
  await revokeScimClient(admin, made.id);
  await revokeScimClient(admin, made.id);
  const [added, ...moreAdded] = await recordsOf('client.added');
  const [revoked, ...moreRevoked] = await recordsOf('client.revoked');
  assert.deepEqual([added?.actor, added?.subject, added?.name, moreAdded.length], [admin.id, made.id, 'Entra ID', 0]);
  assert.deepEqual([revoked?.actor, revoked?.subject, revoked?.name, moreRevoked.length], [admin.id, made.id, 'Entra ID', 0]);
  assert.ok(!added?.text.includes(made.token));
});

test('looking up who can read a document and what a member can read is recorded, a further page is not', async () => {
  const reader = await addMember('Rita');
  const collectionId = await addCollection(admin, 'Explained', { readers: [reader], editors: [admin] });
  const document = await uploadDocument(admin, collectionId, textUpload('explained.txt', 'words'));
  const page = await whoCanRead(admin, document.id, { limit: 1 });
  if (page.next !== null) await whoCanRead(admin, document.id, { limit: 1, cursor: page.next });
  await whatCanRead(compliance, reader.id, { limit: 10 });
  const records = await recordsOf('access.explained');
  assert.deepEqual(records.map(({ actor, subject, details }) => [actor, subject, details['asked']]), [
    [admin.id, document.id, 'who can read this document'],
    [compliance.id, reader.id, 'what this member can read'],
  ]);
});

test('starting ingestion again is recorded, a refused try is not', async () => {
  const collectionId = await addCollection(admin, 'Retried', { editors: [admin] });
  const document = await uploadDocument(admin, collectionId, textUpload('retried.txt', 'words'));
  await assert.rejects(retryVersion(admin, document.id, document.version.id));
  await transaction(ingestActor, (tx) => tx.updateTable('versions').set({ state: 'failed', problem_code: 'file-damaged', problem_detail: 'Broken.' }).where('id', '=', document.version.id).execute());
  await retryVersion(admin, document.id, document.version.id);
  const records = await recordsOf('version.retried');
  assert.deepEqual(records.map(({ actor, subject, details }) => [actor, subject, details]), [[admin.id, document.id, { versionId: document.version.id, version: 1 }]]);
});

test('the demo company is recorded as a setting that changed, once however often it is filled in', async () => {
  await seedDemo();
  await seedDemo();
  const records = await recordsOf('settings.changed');
  assert.deepEqual(records.map(({ subject, details }) => [subject, details]), [['demo.seeded', { before: null, after: true }]]);
  assert.notEqual(records[0]?.actor, null);
});
