/** Delivery from a real database: every record in order, whatever happens to the receiver or to a worker, and by one worker at a time. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ingestActor, seedActor, siemActor, type MemberActor } from '../../actor.ts';
import { openTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { sqlState, transaction } from '../../db/transaction.ts';
import { parseEnv, scratchFolder } from '../../env.ts';
import { appendRecord } from '../append.ts';
import { startDelivery, type Delivery } from './deliver.ts';
import { keepPosition, leaveTurn, readBatch, takeTurn, TurnLost } from './position.ts';
import { freePort, skipRsyslog, startRsyslog } from './testing.ts';
import { targetOf } from './target.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const timings = { connect: 2000, settle: 300, close: 2000, write: 2000 };
const secret = 'the words of a question that stay here';

const append = (count: number) => transaction(ingestActor, async (tx) => {
  for (let index = 0; index < count; index += 1) {
    await appendRecord(tx, ingestActor, { event: 'version.ready', subject: { kind: 'document', id: randomUUID(), name: `A title\n<110>1 - - - - - - injected ${index}` }, details: { chunks: index }, content: { text: secret } });
  }
});
const logSize = async (): Promise<number> => (await transaction(siemActor, (tx) => sql<{ size: number }>`select coalesce(max(seq) + 1, 0) as size from audit_records`.execute(tx))).rows[0]?.size ?? 0;
const settingsFor = (url: string, format: 'syslog' | 'cef' | 'ocsf' = 'syslog') => parseEnv({ ATTEST_URL: 'https://attest.example.com', SIEM_URL: url, SIEM_FORMAT: format, LOG_LEVEL: 'silent' });
const rowOf = (url: string) => transaction(siemActor, (tx) => tx.selectFrom('siem_positions').selectAll().where('target', '=', targetOf(settingsFor(url)) ?? '').executeTakeFirst());

function deliver(t: TestContext, url: string, format?: 'syslog' | 'cef' | 'ocsf'): Delivery {
  const delivery = startDelivery(settingsFor(url, format), timings);
  t.after(() => delivery.stop());
  return delivery;
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await holds()) return;
    await sleep(100);
  }
  assert.fail(`not within a minute: ${what}`);
}
const untilKept = async (url: string): Promise<void> => {
  const size = await logSize();
  await until(async () => (await rowOf(url))?.next_seq === size, `the position reaches ${size}`);
};

/** Every number from 0 came, and each first came after all before it. */
function assertComplete(numbers: readonly number[], size: number): void {
  const firsts = [...new Set(numbers)];
  assert.deepEqual(firsts, Array.from({ length: size }, (_, seq) => seq), 'numbers in the order in which they first came');
}

test('the role of delivery reads facts and never contents, and nothing else', async () => {
  await append(3);
  const records = await transaction(siemActor, (tx) => sql`select body, leaf_hash from audit_records`.execute(tx));
  assert.ok(records.rows.length >= 3);
  for (const statement of ['select content from audit_records', 'select actor_id from audit_records', 'select * from members', 'select * from documents', 'select * from turns', 'delete from siem_positions', `insert into audit_records (seq) values (0)`]) {
    await assert.rejects(transaction(siemActor, (tx) => sql.raw(statement).execute(tx)), (error) => sqlState(error) === '42501', statement);
  }
});

test('admins and compliance see how far delivery is, employees do not', async () => {
  await takeTurn({ target: 'seen', holder: randomUUID() });
  for (const [role, count] of [['admin', 1], ['compliance', 1], ['employee', 0]] as const) {
    const id = randomUUID();
    await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: `${id}@example.test`, name: role, role }).execute());
    const actor: MemberActor = { kind: 'member', id, name: role, email: '', role };
    const rows = await transaction(actor, (tx) => tx.selectFrom('siem_positions').select('target').where('target', '=', 'seen').execute());
    assert.equal(rows.length, count, role);
  }
});

test('one worker has the turn; another takes it when it is given back or runs out, and then the first can keep nothing', async () => {
  const [first, second] = [{ target: 'turns', holder: randomUUID() }, { target: 'turns', holder: randomUUID() }];
  assert.equal((await takeTurn(first))?.next, 0);
  assert.equal(await takeTurn(second), null);
  assert.equal((await readBatch(first, 1, 2))[0]?.seq, 1);
  await leaveTurn(first);
  assert.equal((await takeTurn(second))?.next, 0);
  await transaction(siemActor, (tx) => sql`update siem_positions set held_until = now() - interval '1 second' where target = 'turns'`.execute(tx));
  assert.equal((await takeTurn(first))?.next, 0);
  await assert.rejects(readBatch(second, 0, 1), TurnLost);
  await assert.rejects(keepPosition(second, 9, null), TurnLost);
  assert.equal(await keepPosition(first, 1, null), await logSize() - 1);
  assert.equal((await takeTurn(first))?.next, 1);
});

test('rsyslog is killed, started again, ended in order and cut off while records come: every one is there, in order', { skip: skipRsyslog }, async (t) => {
  const rsyslog = await startRsyslog();
  t.after(() => rsyslog.stop());
  const url = `tcp://127.0.0.1:${rsyslog.port}`;
  deliver(t, url);
  let size = 0;
  for (const end of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
    await append(150);
    size = await logSize();
    // In the middle: some of it has come.
    await until(async () => (await rsyslog.lines().catch(() => [])).some(({ facts }) => Number(facts?.['seq']) >= size - 150), 'some of it has come');
    await rsyslog.signal(end);
    await append(50);
    await sleep(300);
    await rsyslog.start();
  }
  await untilKept(url);
  size = await logSize();
  await until(async () => new Set((await rsyslog.lines()).map(({ facts }) => facts?.['seq'])).size === size, 'rsyslog has written everything');
  const lines = await rsyslog.lines();
  assertComplete(lines.map(({ facts }) => Number(facts?.['seq'])), size);
  assert.ok(lines.every(({ raw }) => !raw.includes(secret) && raw.startsWith('<110>1 ')), 'a line came too many or holds contents');
});

test('a receiver that hangs keeps nobody from writing records; it is told, and they come when it goes on', { skip: skipRsyslog }, async (t) => {
  const rsyslog = await startRsyslog();
  t.after(() => rsyslog.stop());
  const url = `tcp://127.0.0.1:${rsyslog.port}`;
  await rsyslog.signal('SIGSTOP');
  const delivery = deliver(t, url);
  await until(async () => (await rowOf(url))?.problem != null, 'the problem is told');
  const began = performance.now();
  await append(20);
  assert.ok(performance.now() - began < 5000, 'writing records waited for the receiver');
  const row = await rowOf(url);
  assert.match(row?.problem ?? '', /^The (?:SIEM|connection to the SIEM) .*\.$/);
  assert.deepEqual([row?.next_seq, delivery.health().state], [0, 'failing']);
  assert.ok(row !== undefined && row.failing_since !== null && row.waiting_since !== null && delivery.health().waiting > 0);
  await rsyslog.signal('SIGCONT');
  await untilKept(url);
  assert.equal((await rowOf(url))?.problem, null);
});

test('two workers deliver a log once', async (t) => {
  const received = await listen(t);
  const [first, second] = [deliver(t, received.url, 'cef'), deliver(t, received.url, 'cef')];
  const size = await logSize();
  await until(() => Promise.resolve(received.numbers().length >= size), 'everything came');
  await sleep(1000);
  assert.equal(received.numbers().length, size, 'a record came twice though nothing failed');
  assert.deepEqual([first.health().state, second.health().state].sort(), ['standby', 'working']);
});

test('a receiver that closes after some of it gets the rest and no gap', async (t) => {
  const received = await listen(t, { cutAfterBytes: 20_000, cuts: 3 });
  deliver(t, received.url, 'cef');
  const size = await logSize();
  await until(() => Promise.resolve(new Set(received.numbers()).size >= size), 'everything came');
  assertComplete(received.numbers(), size);
});

test('OCSF goes to a file line by line, whole after a crash in the middle of a line, and to a new file where the old one was moved away', async (t) => {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-siem-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'audit.jsonl');
  await writeFile(file, '{"cut off');
  deliver(t, `file://${file}`, 'ocsf');
  const sequence = async (): Promise<number[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line.startsWith('{"time"')).map((line) => (JSON.parse(line) as { metadata: { sequence: number } }).metadata.sequence);
  const size = await logSize();
  await until(async () => (await sequence()).length === size, 'everything is in the file');
  assertComplete(await sequence(), size);
  assert.ok((await readFile(file, 'utf8')).startsWith('{"cut off\n{"time"'));
  await rename(file, `${file}.1`);
  await append(2);
  await until(async () => (await sequence()).length === 2, 'a new file is made');
  assert.deepEqual(await sequence(), [size, size + 1]);
});

test('where nothing listens it says so in words', async (t) => {
  const url = `tcp://127.0.0.1:${await freePort()}`;
  deliver(t, url);
  await until(async () => (await rowOf(url))?.problem === 'The SIEM cannot be reached: it refuses connections.', 'the sentence');
});

/** A receiver of octet-counted messages that remembers which came. It drops the first `cuts` connections midway. */
async function listen(t: TestContext, { cutAfterBytes = Infinity, cuts = 0 } = {}): Promise<{ url: string; numbers: () => number[] }> {
  const numbers: number[] = [];
  let dropped = 0;
  const server = net.createServer((socket) => {
    let bytes = Buffer.alloc(0);
    let taken = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      taken += chunk.length;
      for (let head = /^(\d+) /.exec(bytes.subarray(0, 12).toString('latin1')); head !== null && bytes.length >= head[0].length + Number(head[1]); head = /^(\d+) /.exec(bytes.subarray(0, 12).toString('latin1'))) {
        const message = bytes.subarray(head[0].length, head[0].length + Number(head[1])).toString('utf8');
        bytes = bytes.subarray(head[0].length + Number(head[1]));
        numbers.push(Number(/ externalId=(\d+) /.exec(message)?.[1]));
      }
      if (taken > cutAfterBytes && dropped < cuts) {
        dropped += 1;
        socket.destroy();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return { url: `tcp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, numbers: () => numbers };
}
