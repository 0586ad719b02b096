/** Ending somebody's access: sessions, API keys and waiting uploads at once, whoever ends it and only who may. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { addCollection, addMember, openTestFiles, textUpload } from '#lib/documents/testing.ts';
import { retryVersion } from '#lib/documents/change.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { seedActor, signInActor, type MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { closeQueue, openQueue } from '../jobs/jobs.ts';
import { endAccess } from './end-access.ts';
import { changeMember } from './write.ts';

let database: TestDatabase;
let files: Awaited<ReturnType<typeof openTestFiles>>;
before(async () => {
  database = await openTestDatabase();
  files = await openTestFiles();
});
after(async () => {
  await closeQueue();
  await database.stop();
  await files.stop();
});

/** A member with two sessions, one API key and one upload that waits. */
async function leaver(admin: MemberActor) {
  const member = await addMember('Lea');
  await transaction(seedActor, async (tx) => {
    for (let count = 0; count < 2; count += 1) {
      await tx.insertInto('sessions').values({ id: randomUUID(), token_sha256: randomBytes(32), member_id: member.id, expires_at: new Date(Date.now() + 60_000) }).execute();
    }
  });
  await transaction(member, (tx) => tx.insertInto('api_keys').values({ id: randomUUID(), member_id: member.id, name: 'Editor', prefix: 'attest_abcd', key_sha256: randomBytes(32), scopes: ['ask'], expires_at: new Date(Date.now() + 60_000) }).execute());
  const collection = await addCollection(admin, 'Notes', { editors: [member] });
  const document = await uploadDocument(member, collection, textUpload('notes.txt', `Notes of ${member.id}`));
  return { member, document };
}

async function leftOf({ id }: MemberActor, versionId: string) {
  return transaction(signInActor, async (tx) => {
    await sql`reset role`.execute(tx);
    await sql`set local row_security = off`.execute(tx);
    const { rows } = await sql<{ job: string; state: string; problem: string | null }>`
      select j.state::text as job, v.state, v.problem_code as problem from versions v left join pgboss.job j on (j.data ->> 'versionId')::uuid = v.id where v.id = ${versionId}`.execute(tx);
    const { rows: counts } = await sql<{ sessions: number; keys: number }>`
      select (select count(*)::int from sessions where member_id = ${id}) as sessions, (select count(*)::int from api_keys where member_id = ${id} and revoked_at is null) as keys`.execute(tx);
    return { ...counts[0], ...rows[0] };
  });
}

test('disabling a member ends sessions, keys and waiting uploads in the same moment, and an editor can have those read again', async () => {
  await openQueue();
  const admin = await addMember('Ada', 'admin');
  const { member, document } = await leaver(admin);
  const versionId = document.version.id;
  assert.deepEqual(await leftOf(member, versionId), { sessions: 2, keys: 1, job: 'created', state: 'waiting', problem: null });
  await changeMember(admin, member.id, { disabled: true });
  assert.deepEqual(await leftOf(member, versionId), { sessions: 0, keys: 0, job: 'cancelled', state: 'failed', problem: 'not-permitted' });
  const again = await retryVersion(admin, document.id, versionId);
  assert.equal(again.version.state, 'waiting');
});

const others: readonly (readonly [string, string])[] = [['sign-in', 'attest_signin'], ['provisioning', 'attest_scim']];
for (const [who, role] of others) {
  test(`${who} ends it as well`, async () => {
    const admin = await addMember('Ada', 'admin');
    const { member, document } = await leaver(admin);
    const ended = await transaction(signInActor, async (tx) => {
      await sql`set local role ${sql.raw(role)}`.execute(tx);
      return endAccess(tx, member.id);
    });
    assert.deepEqual(ended, { sessions: 2, keys: 1, jobs: 1 });
    assert.deepEqual(await leftOf(member, document.version.id), { sessions: 0, keys: 0, job: 'cancelled', state: 'failed', problem: 'not-permitted' });
    assert.deepEqual(await transaction(signInActor, (tx) => endAccess(tx, member.id)), { sessions: 0, keys: 0, jobs: 0 });
  });
}

test('nobody else does, and what others wait for goes on', async () => {
  const admin = await addMember('Ada', 'admin');
  const { member, document } = await leaver(admin);
  const bystander = await leaver(admin);
  const attempt = (actor: MemberActor) => transaction(actor, (tx: Tx) => endAccess(tx, member.id)).then(() => '', sqlState);
  for (const actor of [member, bystander.member, await addMember('Cora', 'compliance')]) assert.equal(await attempt(actor), '42501');
  assert.equal((await leftOf(member, document.version.id)).sessions, 2);
  assert.equal(await attempt(admin), '');
  assert.deepEqual(await leftOf(bystander.member, bystander.document.version.id), { sessions: 2, keys: 1, job: 'created', state: 'waiting', problem: null });
});
