/** Exports of a real database through the real verifier, also of one that its administrator has tampered with. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { seedActor, type MemberActor, type Role } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { isProblem } from '../errors.ts';
import { readSigningKey, readVerifyingKey, type VerifyingKey } from './checkpoint.ts';
import { exportLog, exportQuery } from './export.ts';
import { linesOf } from './line-reader.ts';
import { findSigningFault, readLogState } from './log-state.ts';
import { gatherProof, type ProofGatherer } from './prove.ts';
import { signLog } from './sign.ts';
import { reportSigning } from './signing-report.ts';
import { databaseOlder } from './signing-problem.ts';
import { addRecords, asAdministrator, eventsIn, testSigningFiles, type TestFiles } from './testing.ts';
import { ExportFault } from './verify-record.ts';
import { verifyExport, type Verified, type VerifyOptions } from './verify.ts';

let database: TestDatabase;
let files: TestFiles;
let key: VerifyingKey;
let compliance: MemberActor;
let employee: MemberActor;

async function member(role: Role): Promise<MemberActor> {
  const id = randomUUID();
  const actor = { kind: 'member', id, role, name: `The ${role}`, email: `${id}@example.test` } as const;
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name: actor.name, role }).execute());
  return actor;
}

/** Six hundred records: two complete tiles of the tree and a beginning, signed four times. */
before(async () => {
  database = await openTestDatabase();
  files = await testSigningFiles();
  compliance = await member('compliance');
  employee = await member('employee');
  await assert.rejects(read({}), (error) => isProblem(error, 'not-found') && /No record is signed yet/.test(String(error)));
  for (const count of [10, 250, 300, 39]) {
    await addRecords(count);
    await signLog(files, { always: true });
  }
  key = readVerifyingKey(readSigningKey(await readFile(files.key, 'utf8')).verifierText);
});
after(async () => {
  await files.remove();
  await database.stop();
});

async function read(query: Record<string, string>, options: VerifyOptions = {}): Promise<Verified> {
  const { lines } = await exportLog(compliance, exportQuery.parse(query));
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const line of lines) yield Buffer.from(line);
  }
  return verifyExport(linesOf(bytes()), [key], options);
}

test('the whole log verifies with and without texts, and each export is a record', async () => {
  const verified = await read({ contents: 'with' });
  assert.deepEqual([verified.from, verified.to, verified.checkpoints, verified.notices], [0, 600, 4, []]);
  assert.ok(verified.texts > 190);
  assert.equal((await read({})).texts, 0);
  assert.equal((await eventsIn(database.url)).filter((event) => event === 'audit.exported').length, 2);
});

test('any range verifies by itself, and a record of it is proved in the whole log', async () => {
  for (const [first, last] of [[0, 0], [0, 255], [100, 300], [255, 256], [256, 511], [599, 599], [12, 12]] as const) {
    const verified = await read({ first: String(first), last: String(last) });
    assert.deepEqual([verified.from, verified.to, verified.checkpoint.size], [first, last + 1, 600]);
    const proof: { of: ProofGatherer | null } = { of: null };
    await read({ first: String(first), last: String(last) }, { eachHeader: ({ size }) => (proof.of = gatherProof(last, size)), eachNode: (node, hash) => proof.of?.take(node, hash) });
    assert.match((await proof.of?.write(verified)) ?? '', new RegExp(`^c2sp\\.org/tlog-proof@v1\\nindex ${last}\\n`));
  }
});

test('a range that is not signed is refused in words, and nobody but compliance exports', async () => {
  await assert.rejects(read({ first: '600' }), (error) => isProblem(error, 'not-found') && /Signed are the records 0 to 599/.test(String(error)));
  await assert.rejects(exportLog(employee, exportQuery.parse({})), (error) => isProblem(error, 'not-found'));
});

const tamper: readonly [string, string, string, number | readonly [number, number]][] = [
  ['a column', `update audit_records set actor_role = 'another' where seq = 77`, `update audit_records set actor_role = 'seed' where seq = 77`, 77],
  ['the time', `update audit_records set at = at + interval '1 hour' where seq = 301`, `update audit_records set at = at - interval '1 hour' where seq = 301`, 301],
  ['bytes with their hash', `update audit_records set body = body || ' ', leaf_hash = sha256('\\x00'::bytea || body || ' ') where seq = 258`, `update audit_records set body = substring(body for length(body) - 1), leaf_hash = sha256('\\x00'::bytea || substring(body for length(body) - 1)) where seq = 258`, 258],
  ['bytes with their hash where the tree has not come yet', `update audit_records set body = body || ' ', leaf_hash = sha256('\\x00'::bytea || body || ' ') where seq = 590`, `update audit_records set body = substring(body for length(body) - 1), leaf_hash = sha256('\\x00'::bytea || substring(body for length(body) - 1)) where seq = 590`, [561, 599]],
  ['texts', `update audit_records set content = content || ' ' where seq = 29`, `update audit_records set content = substring(content for length(content) - 1) where seq = 29`, 29],
];
for (const [what, change, back, expected] of tamper) {
  test(`what an administrator changed is named: ${what}`, async () => {
    const [first, last] = typeof expected === 'number' ? [expected, expected] : expected;
    await asAdministrator(database.url, [change]);
    await assert.rejects(read({ contents: 'with' }), (error) => error instanceof ExportFault && error.first === first && error.last === last);
    await asAdministrator(database.url, [back]);
    await read({ contents: 'with' });
  });
}

test('a deleted record is named', async () => {
  await asAdministrator(database.url, ['create table kept as select * from audit_records where seq = 400', 'delete from audit_records where seq = 400']);
  await assert.rejects(read({}), (error) => error instanceof ExportFault && error.first === 400);
  await asAdministrator(database.url, ['alter table audit_records disable trigger audit_records_claimed', 'insert into audit_records select * from kept', 'drop table kept', 'alter table audit_records enable trigger audit_records_claimed']);
  await read({});
});

test('the state of the log says how far it is signed, and in words what is wrong', async () => {
  await addRecords(1);
  await reportSigning(null);
  const state = await readLogState(compliance);
  assert.deepEqual([state.state, state.sentence, state.checkpoint?.size, state.verifierKeys.length], ['signed', null, 600, 1]);
  assert.ok(state.unsigned > 0);
  assert.deepEqual((await readLogState(employee)).verifierKeys, []);
  await reportSigning(databaseOlder(3, 600));
  assert.match((await readLogState(compliance)).sentence ?? '', /ends after 3 records, but 600 records were signed/);
  assert.equal((await readLogState(compliance)).state, 'stopped');
  assert.match((await transaction(compliance, findSigningFault)) ?? '', /600 records were signed/);
  assert.equal(await transaction(employee, findSigningFault), null);
  await asAdministrator(database.url, [`update audit_signing set problem = null, sentence = null, checked_at = now() - interval '1 hour'`]);
  assert.equal((await readLogState(compliance)).state, 'silent');
});
