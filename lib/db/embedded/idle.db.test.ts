/** Clients that freeze inside a transaction, beside clients that are only slow. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { serve, type ServedDatabase } from './serve.ts';
import { embeddedDatabaseUrl, startEmbeddedDatabase } from './start.ts';

const silentMs = 400;
let scratch: string;
let database: ServedDatabase;

before(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-silent-'));
  const folder = path.join(scratch, 'database');
  // Makes the folder.
  await (await startEmbeddedDatabase({ folder })).stop();
  database = await serve(folder, 0, silentMs);
});
after(async () => {
  await database.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: embeddedDatabaseUrl(database.port) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

test('a client that freezes inside a transaction is ended and undone, and the others are served', async () => {
  const frozen = await connect();
  const told: unknown[] = [];
  frozen.on('error', (error) => told.push('code' in error ? error.code : error.message));
  await frozen.query('create table half (id int)');
  await frozen.query('begin');
  await frozen.query('insert into half values ($1)', [1]);
  const begun = performance.now();
  const others = await Promise.all([connect(), connect()]);
  for (const other of others) assert.deepEqual((await other.query('select count(*)::int as count from half where $1', [true])).rows, [{ count: 0 }]);
  const waited = performance.now() - begun;
  assert.ok(waited < silentMs + 3000, `${waited} ms`);
  assert.equal(told[0], '25P03');
  await assert.rejects(frozen.query('commit'), /not queryable|terminated/);
  for (const other of others) await other.end();
});

test('a client that freezes in the middle of a statement is ended too', async () => {
  const socket = net.connect(database.port, '127.0.0.1');
  const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  startup.writeInt32BE(startup.length, 0);
  const parse = Buffer.from('P\0\0\0\0\0select 1\0\0\0', 'latin1');
  parse.writeInt32BE(parse.length - 1, 1);
  socket.write(Buffer.concat([startup, parse]));
  socket.resume();
  const closed = once(socket, 'close');
  await sleep(100);
  const other = await connect();
  assert.deepEqual((await other.query('select $1::text as word', ['here'])).rows, [{ word: 'here' }]);
  await other.end();
  await closed;
});

test('a transaction that goes on is left alone, however long it takes', async () => {
  const slow = await connect();
  const other = await connect();
  await slow.query('begin');
  const waiting = other.query('select 1 as one');
  for (let round = 0; round < 8; round++) {
    await slow.query('select $1::int', [round]);
    await sleep(silentMs / 2);
  }
  await slow.query('commit');
  assert.deepEqual((await waiting).rows, [{ one: 1 }]);
  await sleep(silentMs * 2);
  // Neither is a connection that is silent outside of one.
  assert.deepEqual((await slow.query('select 2 as two')).rows, [{ two: 2 }]);
  await Promise.all([slow.end(), other.end()]);
});
