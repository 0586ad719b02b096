/** How a transaction opens: with an identity, in few round trips, and never half. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { ingestActor, signInActor, type MemberActor } from '../actor.ts';
import { openingWith } from './driver.ts';
import { openDatabase } from './pool.ts';
import { testDatabase, type TestDatabase } from './testing.ts';
import { transaction } from './transaction.ts';
import type { DB } from './types.generated.ts';

let database: TestDatabase;
let db: Kysely<DB>;
let roundTrips = 0;

/** Between the pool and its database: counts how often the database says that it is ready for the next message. */
const wire = createServer((near) => {
  const { hostname, port } = new URL(database.url);
  const far = connect(Number(port || 5432), hostname);
  for (const socket of [near, far]) socket.on('error', () => {}).on('close', () => [near, far].forEach((each) => each.destroy()));
  let rest = Buffer.alloc(0);
  far.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    // One byte of type, then a length that counts itself.
    for (; rest.length >= 5 && rest.length > rest.readUInt32BE(1); rest = rest.subarray(1 + rest.readUInt32BE(1))) {
      if (rest[0] === 'Z'.charCodeAt(0)) roundTrips += 1;
    }
  });
  near.pipe(far).pipe(near);
});

before(async () => {
  database = await testDatabase();
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  const address = wire.address();
  assert.ok(address !== null && typeof address === 'object');
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  // One connection, so that what one transaction leaves behind would meet the next.
  db = openDatabase(url.href, 1);
});
after(async () => {
  await db.destroy();
  wire.close();
  await database.stop();
});

interface Identity { role: string; actor: string; timeout: string; lock: string }

const whoAmI = sql<Identity>`select current_user as role, current_setting('attest.actor', true) as actor, current_setting('statement_timeout') as timeout,
  current_setting('lock_timeout') as lock`;

function member(id: string): MemberActor {
  return { kind: 'member', id, name: 'Mo', email: 'mo@example.test', role: 'employee' };
}

async function rejection(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'kept', (error: unknown) => String(error));
}

test('a transaction takes two round trips besides its statements', async () => {
  await transaction(signInActor, (tx) => sql`select 1`.execute(tx), db);
  for (const statements of [0, 1, 3]) {
    const before = roundTrips;
    await transaction(member(randomUUID()), async (tx) => {
      for (let index = 0; index < statements; index += 1) await sql`select ${index}::int`.execute(tx);
    }, db);
    assert.equal(roundTrips - before, statements + 2);
  }
});

test('its first statement already has role, identity and limits, and nothing of them is left behind', async () => {
  const id = randomUUID();
  const mine = await transaction(member(id), async (tx) => (await whoAmI.execute(tx)).rows[0], db);
  assert.deepEqual(mine, { role: 'attest_runtime', actor: id, timeout: '30s', lock: '10s' });
  const ingest = await transaction(ingestActor, async (tx) => (await whoAmI.execute(tx)).rows[0], db);
  assert.deepEqual([ingest?.role, ingest?.actor], ['attest_worker', '']);
  const between = (await whoAmI.execute(db)).rows[0];
  assert.ok(between?.role !== 'attest_runtime' && between?.role !== 'attest_worker' && between?.actor === '' && between.timeout !== '30s', JSON.stringify(between));
});

test('an identity that is no id opens nothing', async () => {
  for (const id of ['x', `'); reset role; --`, `${randomUUID()}\0`, `${randomUUID()}'`, `${randomUUID()}\n`]) {
    const before = roundTrips;
    assert.match(await rejection(transaction(member(id), (tx) => sql`select 1`.execute(tx), db)), /UUID/, JSON.stringify(id));
    assert.equal(roundTrips, before);
  }
});

test('a transaction that is begun past transaction() is refused', async () => {
  assert.match(await rejection(db.transaction().execute((tx) => sql`select 1`.execute(tx))), /opened by transaction\(\)/);
});

test('an opening that fails runs none of the work and leaves its connection fit for the next', async () => {
  let worked = false;
  const failing = openingWith('select 1 / 0', () => db.transaction().execute(async () => { worked = true; }));
  assert.match(await rejection(failing), /division by zero/);
  assert.equal(worked, false);
  assert.deepEqual(await transaction(signInActor, async (tx) => (await sql<{ one: number }>`select 1 as one`.execute(tx)).rows, db), [{ one: 1 }]);
});

test('work that fails undoes what it did', async () => {
  const id = randomUUID();
  const failing = transaction(signInActor, async (tx) => {
    await tx.insertInto('members').values({ id, email: `${id}@example.test`, name: 'Nobody', role: 'employee' }).execute();
    throw new Error('changed my mind');
  }, db);
  assert.match(await rejection(failing), /changed my mind/);
  assert.deepEqual(await transaction(signInActor, (tx) => tx.selectFrom('members').select('id').where('id', '=', id).execute(), db), []);
});
