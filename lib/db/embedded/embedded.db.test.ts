/** The embedded database process: durability, the lock, and several connections over one session. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { startEmbeddedDatabase, type EmbeddedDatabase } from './start.ts';

let scratch: string;
let database: EmbeddedDatabase;

before(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-embedded-'));
  database = await startEmbeddedDatabase({ folder: path.join(scratch, 'database') });
});
after(async () => {
  await database.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function connect(url = database.url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

test('pgvector is inside, and new enough', async () => {
  const client = await connect();
  await client.query('create extension if not exists vector');
  const { rows } = await client.query(`select extversion from pg_extension where extname = 'vector'`);
  assert.match(rows[0].extversion, /^0\.(?:[89]|\d\d)|^[1-9]/);
  await client.end();
});

test('statements with parameters from many connections at once never mix', async () => {
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect()));
  const rounds = clients.map(async (client, number) => {
    for (let round = 0; round < 40; round++) {
      // Each connection's statement has its own text and result shape, so a mix-up cannot look right by chance.
      const { rows } = await client.query(`select $1::int + ${number} as sum_${number}`, [round]);
      assert.deepEqual(rows, [{ [`sum_${number}`]: round + number }]);
    }
  });
  await Promise.all(rounds);
  await Promise.all(clients.map((client) => client.end()));
});

test('an error in one connection leaves the others untouched', async () => {
  const [broken, fine] = await Promise.all([connect(), connect()]);
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) => (i % 2 ? broken.query('select 1 / $1::int as x', [0]) : fine.query('select $1::int as x', [i]))),
  );
  assert.equal(results.filter((result) => result.status === 'rejected').length, 15);
  await broken.end();
  await fine.end();
});

test('a connection that vanishes inside a transaction is rolled back and frees the others', async () => {
  const gone = await connect();
  const other = await connect();
  await other.query('create table vanished (id int)');
  await gone.query('begin');
  await gone.query('insert into vanished values ($1)', [1]);
  // Destroying the socket is what a killed process does.
  gone.connection.stream.destroy();
  const { rows } = await other.query('select count(*)::int as count from vanished');
  assert.deepEqual(rows, [{ count: 0 }]);
  await other.end();
});

test('a connection that vanishes in the middle of a failed statement leaves the database usable', async () => {
  const socket = net.connect(Number(new URL(database.url).port), '127.0.0.1');
  const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  startup.writeInt32BE(startup.length, 0);
  const parse = Buffer.from('P\0\0\0\0\0select 1 from nowhere\0\0\0', 'latin1');
  parse.writeInt32BE(parse.length - 1, 1);
  socket.write(Buffer.concat([startup, parse]));
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.destroy();
  const client = await connect();
  const { rows } = await client.query('select $1::text as word', ['here']);
  assert.deepEqual(rows, [{ word: 'here' }]);
  await client.end();
});

test('COPY FROM STDIN is refused in words, undoes its transaction, and the database lives', async () => {
  const client = await connect();
  await client.query('create table copied (id int, stdin text)');
  const refused = { code: '0A000', message: /cannot take COPY FROM STDIN/ };
  for (const statement of ['copy copied from stdin', 'COPY copied (id) FROM /* here */ STDIN with (format binary)', 'select 1; copy "copied" from\nstdin']) {
    await client.query('begin');
    await client.query('insert into copied values (1)');
    await assert.rejects(client.query(statement), refused);
    await assert.rejects(client.query('insert into copied values (2)'), { code: '25P02' });
    await client.query('rollback');
  }
  const inParts: pg.QueryConfig & { queryMode: string } = { text: 'copy copied from stdin', queryMode: 'extended' };
  await assert.rejects(client.query(inParts), refused);
  // Words in a string, a name or a comment are not the statement.
  await client.query(`insert into copied (id, stdin) values (3, 'copy copied from stdin') -- copy copied from stdin`);
  const { rows } = await client.query('select id, stdin from copied where stdin = $1', ['copy copied from stdin']);
  assert.deepEqual(rows, [{ id: 3, stdin: 'copy copied from stdin' }]);
  await client.end();
});

test('bytes that are not the Postgres protocol do not stop the database', async () => {
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x0c\0\x03\0\0\x01\x02\x03\x04', '\0\0\0\x08\x04\xd2\x16\x2f']) {
    const socket = net.connect(Number(new URL(database.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(Buffer.from(bytes, 'latin1'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
  }
  const client = await connect();
  await client.query('select 1');
  await client.end();
});

test('a second process on the same folder is refused with a sentence', async () => {
  await assert.rejects(startEmbeddedDatabase({ folder: path.join(scratch, 'database') }), /already open in process \d+/);
});

test('every row whose commit was answered is there after SIGKILL', async () => {
  const folder = path.join(scratch, 'killed');
  const first = await startEmbeddedDatabase({ folder });
  const writer = await connect(first.url);
  await writer.query('create table written (id int primary key, filler text)');
  let answered = 0;
  const writing = (async () => {
    for (;;) {
      await writer.query('insert into written values ($1, $2)', [answered + 1, 'x'.repeat(500)]);
      answered += 1;
      if (answered === 150) process.kill(first.pid, 'SIGKILL');
    }
  })();
  await assert.rejects(writing);
  assert.ok(answered >= 150);

  const second = await startEmbeddedDatabase({ folder });
  const reader = await connect(second.url);
  const { rows } = await reader.query('select count(*)::int as count, max(id)::int as last from written');
  assert.ok(rows[0].count >= answered && rows[0].count <= answered + 1, `${rows[0].count} rows for ${answered} answered commits`);
  assert.equal(rows[0].count, rows[0].last);
  await reader.end();
  await second.stop();
});

test('a stop is clean: nothing left to recover, and no process left', async () => {
  const folder = path.join(scratch, 'stopped');
  const first = await startEmbeddedDatabase({ folder });
  await first.stop();
  assert.throws(() => process.kill(first.pid, 0));
  assert.equal(fs.existsSync(`${folder}.lock`), false);
  const second = await startEmbeddedDatabase({ folder });
  await second.stop();
});
