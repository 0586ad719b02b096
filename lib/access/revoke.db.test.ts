/**
 * `npm run test:authz:revoke`: a right that is taken away counts for the next statement of every process, text that is
 * added after a right was taken away is never seen with it (the "new enemy" of Zanzibar, 2019), and connections that
 * pass from person to person through broken, aborted and timed out requests never show one person another's rows.
 * ATTEST_TEST_ROUNDS makes it larger.
 */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { signInActor, type MemberActor } from '../actor.ts';
import { openDatabase, useDatabase } from '../db/pool.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { childEnvironment, surroundings } from '../env.ts';

const seed = Date.now() & 0x7fffffff;
const given = Number(surroundings()['ATTEST_TEST_ROUNDS'] ?? 0);
const revocations = given || 60;
const enemies = given || 40;
const requests = given * 20 || 1000;

let database: TestDatabase;
let admin: MemberActor;
let otherProcess: ChildProcess;
/** Questions put to the other process that it has not answered yet. */
const waiting = new Map<number, (titles: string[]) => void>();
let asked = 0;

before(async () => {
  database = await openTestDatabase();
  admin = await addMember('admin');
  otherProcess = fork(path.join(import.meta.dirname, 'testing-reader.ts'), [], { env: childEnvironment({ ...surroundings(), DATABASE_URL: database.url }) });
  otherProcess.on('message', ({ id, titles }: { id: number; titles: string[] }) => {
    waiting.get(id)?.(titles);
    waiting.delete(id);
  });
  await once(otherProcess, 'message');
});
after(async () => {
  otherProcess.disconnect();
  await once(otherProcess, 'exit');
  await database.stop();
});

/** Titles of all documents that the member sees, asked of another process with a pool of its own. */
function titlesElsewhere(memberId: string): Promise<string[]> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    otherProcess.send({ id, memberId });
  });
}

async function addMember(role: 'employee' | 'admin' = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  const actor: MemberActor = { kind: 'member', id, name: id.slice(0, 8), email: `${id}@example.test`, role };
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name: actor.name, role }).execute());
  return actor;
}

interface Right {
  reader: MemberActor;
  collectionId: string;
  grantId: string;
  groupId: string;
}

/** A member who reads one collection by way of a group that stands in the granted group. */
async function addRight(): Promise<Right> {
  const reader = await addMember();
  const [collectionId, grantId, groupId, outerId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collectionId, name: collectionId }).execute();
    await tx.insertInto('groups').values([{ id: groupId, name: groupId }, { id: outerId, name: outerId }]).execute();
    await tx.insertInto('memberships').values({ member_id: reader.id, group_id: groupId }).execute();
    await tx.insertInto('group_nestings').values({ inner_group_id: groupId, outer_group_id: outerId }).execute();
    await tx.insertInto('grants').values({ id: grantId, collection_id: collectionId, group_id: outerId, permission: 'read' }).execute();
  });
  return { reader, collectionId, grantId, groupId };
}

function addDocument(collectionId: string, title: string): Promise<unknown> {
  return transaction(admin, (tx) => tx.insertInto('documents').values({ id: randomUUID(), collection_id: collectionId, title }).execute());
}

const waysToLose: Record<string, (right: Right) => Promise<unknown>> = {
  'the grant is removed': ({ grantId }) => transaction(admin, (tx) => tx.deleteFrom('grants').where('id', '=', grantId).execute()),
  'the grant is ended': ({ grantId }) => transaction(admin, (tx) => tx.updateTable('grants').set({ expires_at: sql<Date>`now()` }).where('id', '=', grantId).execute()),
  'the membership is removed': ({ reader, groupId }) => transaction(admin, (tx) => tx.deleteFrom('memberships').where('member_id', '=', reader.id).where('group_id', '=', groupId).execute()),
  'the group leaves the group that was granted': ({ groupId }) => transaction(admin, (tx) => tx.deleteFrom('group_nestings').where('inner_group_id', '=', groupId).execute()),
  'the document is kept to its own grants': ({ collectionId }) => transaction(admin, (tx) => tx.updateTable('documents').set({ restricted: true }).where('collection_id', '=', collectionId).execute()),
  'the document is deleted': ({ collectionId }) => transaction(admin, (tx) => tx.updateTable('documents').set({ deleted_at: new Date() }).where('collection_id', '=', collectionId).execute()),
  'the member is disabled': ({ reader }) => transaction(admin, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', reader.id).execute()),
};

for (const [way, lose] of Object.entries(waysToLose)) {
  test(`once ${way}, the next request in another process sees nothing`, async () => {
    const rounds = Math.ceil(revocations / Object.keys(waysToLose).length);
    for (let round = 0; round < rounds; round += 1) {
      const right = await addRight();
      await addDocument(right.collectionId, right.collectionId);
      assert.deepEqual(await titlesElsewhere(right.reader.id), [right.collectionId]);
      await lose(right);
      assert.deepEqual(await titlesElsewhere(right.reader.id), [], `round ${round}`);
    }
  });
}

test('what is added after a right was taken away is never seen with it, however the two meet', async () => {
  const ways = ['the grant is removed', 'the membership is removed', 'the group leaves the group that was granted', 'the member is disabled'] as const;
  for (let round = 0; round < enemies; round += 1) {
    const right = await addRight();
    await addDocument(right.collectionId, 'old');
    let over = false;
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      while (!over) for (const title of await titlesElsewhere(right.reader.id)) seen.add(title);
    };
    const looking = [look(), look()];
    await waysToLose[ways[round % ways.length] ?? ways[0]]?.(right);
    await addDocument(right.collectionId, 'new enemy');
    over = true;
    await Promise.all(looking);
    for (const title of await titlesElsewhere(right.reader.id)) seen.add(title);
    assert.ok(!seen.has('new enemy'), `round ${round}`);
  }
});

test('connections that pass from person to person through failures show nobody another one\'s rows', async (t) => {
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const rights = await Promise.all(Array.from({ length: given > 0 ? 200 : 40 }, () => addRight()));
  for (const right of rights) await addDocument(right.collectionId, right.reader.id);
  const small = openDatabase(database.url, 5);
  const one = async (): Promise<void> => {
    const { reader } = rights[Math.floor(random() * rights.length)] ?? assert.fail();
    const fault = Math.floor(random() * 6);
    await transaction(reader, async (tx) => {
      if (fault === 1) throw new Error('the handler fails');
      if (fault === 2) await sql`select 1 / 0`.execute(tx);
      if (fault === 3) await sql`select set_config('statement_timeout', '1', true)`.execute(tx);
      if (fault === 3 || fault === 4) await sql`select pg_sleep(${0.002 + random() / 200})`.execute(tx);
      const titles = (await tx.selectFrom('documents').select('title').execute()).map((row) => row.title);
      assert.deepEqual(titles, [reader.id]);
      if (fault === 5) throw new Error('the handler fails late');
    }, small).catch((error: unknown) => {
      if (error instanceof assert.AssertionError) throw error;
    });
  };
  let left = requests;
  const worker = async (): Promise<void> => {
    for (; left > 0; left -= 1) await one();
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  // What a transaction takes on, it leaves behind when it ends.
  for (let look = 0; look < 10; look += 1) {
    const { rows } = await sql<{ actor: string; role: string }>`select coalesce(current_setting('attest.actor', true), '') as actor, current_setting('role') as role`.execute(small);
    assert.deepEqual(rows, [{ actor: '', role: 'none' }]);
  }
  await small.destroy();
});

test('a process whose database goes away in the middle shows nothing of it to the next one', async () => {
  const [first, second] = [await addRight(), await addRight()];
  await addDocument(first.collectionId, 'first');
  await addDocument(second.collectionId, 'second');
  const small = openDatabase(database.url, 1);
  await transaction(first.reader, async (tx) => {
    await tx.selectFrom('documents').select('title').execute();
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
  }, small).catch(() => undefined);
  const titles = await transaction(second.reader, (tx) => tx.selectFrom('documents').select('title').execute(), small);
  assert.deepEqual(titles, [{ title: 'second' }]);
  await small.destroy();
  useDatabase(openDatabase(database.url, 5));
});

/** Mulberry32. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
