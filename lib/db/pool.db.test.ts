/** The pool on connections that break at the worst moments. */
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { signInActor } from '../actor.ts';
import { isProblem } from '../errors.ts';
import { openDatabase } from './pool.ts';
import { testDatabase, type TestDatabase } from './testing.ts';
import { transaction } from './transaction.ts';
import type { DB } from './types.generated.ts';

let database: TestDatabase;
let db: Kysely<DB>;
const sockets = new Set<Socket>();

/** Between the pool and its database, so that every connection can be cut. */
const wire = createServer((near) => {
  const { hostname, port } = new URL(database.url);
  const far = connect(Number(port || 5432), hostname);
  for (const socket of [near, far]) {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => {
      sockets.delete(socket);
      near.destroy();
      far.destroy();
    });
  }
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
  db = openDatabase(url.href, 2);
});
after(async () => {
  await db.destroy();
  for (const socket of sockets) socket.destroy();
  wire.close();
  await database.stop();
});

const one = () => transaction(signInActor, async (tx) => (await sql<{ one: number }>`select 1 as one`.execute(tx)).rows, db);

test('a connection that is reset between two statements of a transaction fails that transaction and not the process', async () => {
  const broken = transaction(signInActor, async (tx) => {
    await sql`select 1`.execute(tx);
    for (const socket of sockets) socket.resetAndDestroy();
    await sleep(100);
    await sql`select 1`.execute(tx);
  }, db);
  await assert.rejects(broken, (error) => isProblem(error, 'database-unavailable'));
  assert.deepEqual(await one(), [{ one: 1 }]);
});

test('a connection that is closed in the middle of a statement or while nobody uses it is replaced', async () => {
  const broken = transaction(signInActor, (tx) => sql`select pg_sleep(0.5)`.execute(tx), db);
  await sleep(100);
  for (const socket of sockets) socket.destroy();
  await assert.rejects(broken, (error) => isProblem(error, 'database-unavailable'));
  assert.deepEqual(await one(), [{ one: 1 }]);
  for (const socket of sockets) socket.resetAndDestroy();
  await sleep(100);
  assert.deepEqual(await one(), [{ one: 1 }]);
});
