/** Signing the log on a real database: who signs, when, and everything that must keep it from being signed. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { ingestActor } from '../actor.ts';
import { openDatabase } from '../db/pool.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { notesIn } from './checkpoint-file.ts';
import { makeSigningKey, openCheckpoint, readSigningKey, readVerifyingKey, signCheckpoint, type VerifyingKey } from './checkpoint.ts';
import { emptyRoot } from './merkle.ts';
import { startNewKey } from './resume.ts';
import { isSigningDue, signLog } from './sign.ts';
import { SigningProblem, type SigningProblemCode } from './signing-problem.ts';
import { reportSigning } from './signing-report.ts';
import { addRecords, asAdministrator, eventsIn, restoreTo, testSigningFiles, type TestFiles } from './testing.ts';

let database: TestDatabase;
let files: TestFiles;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());

/** Every test begins with an empty log and no files. */
beforeEach(async (t) => {
  files = await testSigningFiles();
  if ('after' in t) t.after(() => files.remove());
  await asAdministrator(database.url, [
    'delete from audit_checkpoints', 'delete from audit_keys', 'delete from audit_tiles', 'delete from audit_records',
    'update audit_head set size = 0', 'update audit_signing set checked_at = null, problem = null, sentence = null',
  ]);
});

const sign = () => signLog(files, { always: true });
const isProblem = (code: SigningProblemCode) => (error: unknown) => error instanceof SigningProblem && error.code === code;
const verifier = async (): Promise<VerifyingKey> => readVerifyingKey(readSigningKey(await readFile(files.key, 'utf8')).verifierText);
/** Of every note in the file that is whole. */
const sizesInFile = async (): Promise<number[]> => {
  const key = await verifier();
  return notesIn(await readFile(files.checkpoints, 'utf8')).flatMap((note) => {
    try {
      return [openCheckpoint(note, key).size];
    } catch {
      return [];
    }
  });
};
const rows = () => transaction(ingestActor, (tx) => tx.selectFrom('audit_checkpoints').selectAll().orderBy('size').execute());
async function asOwner(statement: string): Promise<void> {
  const owner = openDatabase(database.url, 1);
  try {
    await owner.executeQuery(CompiledQuery.raw(statement));
  } finally {
    await owner.destroy();
  }
}
const namesOf = () => eventsIn(database.url);
const countOf = async (name: string): Promise<number> => (await namesOf()).filter((event) => event === name).length;

test('the first signing makes a key that only its owner reads, and the same note stands in table and file', async () => {
  await addRecords(5);
  const { signed } = await sign();
  assert.equal(signed?.size, 6);
  assert.equal((await stat(files.key)).mode & 0o777, 0o600);
  assert.equal((await stat(files.checkpoints)).mode & 0o777, 0o600);
  const [row] = await rows();
  assert.deepEqual(notesIn(await readFile(files.checkpoints, 'utf8')), [row?.note]);
  assert.deepEqual({ ...openCheckpoint(row?.note ?? '', await verifier()), note: row?.note }, signed);
  assert.equal((await namesOf()).at(-1), 'signing-key.taken');
});

test('a checkpoint is due after 256 new records, or when new ones have waited for a minute', async () => {
  await addRecords(3);
  assert.equal(await isSigningDue(), true);
  await signLog(files);
  assert.equal(await isSigningDue(), false);
  await addRecords(255);
  assert.equal(await isSigningDue(), false);
  assert.equal((await signLog(files)).signed, null);
  await addRecords(1);
  assert.equal(await isSigningDue(), true);
  assert.equal((await signLog(files)).signed?.size, 260);
  await addRecords(1);
  assert.equal(await isSigningDue(), false);
  await asAdministrator(database.url, [`update audit_checkpoints set signed_at = now() - interval '61 seconds'`]);
  assert.equal(await isSigningDue(), true);
});

test('nothing new is never signed twice, and a clock that was set back keeps nothing from being signed', async () => {
  await addRecords(1);
  await sign();
  assert.equal((await sign()).signed, null);
  await asAdministrator(database.url, [`update audit_checkpoints set signed_at = now() + interval '1 year'`]);
  assert.equal((await signLog(files)).signed, null);
  await addRecords(1);
  assert.equal((await signLog(files)).signed?.size, 3);
});

test('of many that sign at once while records come, no two sign the same and none signs another history', async () => {
  await addRecords(1);
  await sign();
  await Promise.all([addRecords(40), ...Array.from({ length: 6 }, async () => {
    for (let round = 0; round < 6; round += 1) await sign();
  })]);
  await sign();
  const sizes = (await rows()).map(({ size }) => size);
  assert.deepEqual(sizes, [...new Set(sizes)].sort((a, b) => a - b));
  assert.equal(sizes.at(-1), 42);
  assert.deepEqual((await sizesInFile()).sort((a, b) => a - b), sizes);
});

test('two processes that start at once make one key', async () => {
  await addRecords(1);
  await Promise.all([sign(), sign(), sign()]);
  assert.equal(await countOf('signing-key.taken'), 1);
  assert.deepEqual(await sizesInFile(), (await rows()).map(({ size }) => size));
});

test('after a kill between table and file the next call appends what the file lacks', async () => {
  await addRecords(2);
  await sign();
  await addRecords(2);
  await sign();
  const whole = await readFile(files.checkpoints);
  await truncate(files.checkpoints, whole.length / 2 + 20);
  await asAdministrator(database.url, [`update audit_checkpoints set signed_at = now() - interval '10 seconds'`]);
  assert.deepEqual(await sizesInFile(), [3]);
  await sign();
  assert.deepEqual(await sizesInFile(), [3, 5]);
});

test('on a full disk nothing more is signed, and nothing is lost once there is room', { skip: process.platform !== 'linux' }, async () => {
  await addRecords(2);
  await sign();
  await addRecords(2);
  const full = { ...files, checkpoints: '/dev/full' };
  await assert.rejects(signLog(full, { always: true }), isProblem('file-not-written'));
  await addRecords(2);
  await asAdministrator(database.url, [`update audit_checkpoints set signed_at = now() - interval '10 seconds'`]);
  await assert.rejects(signLog(full, { always: true }), isProblem('file-not-written'));
  assert.deepEqual((await rows()).map(({ size }) => size), [3, 5]);
  await sign();
  assert.deepEqual(await sizesInFile(), [3, 5, 7]);
});

test('a database that was restored to an older state is noticed, also after it went on', async () => {
  await addRecords(300);
  await sign();
  await asAdministrator(database.url, restoreTo(100));
  await assert.rejects(sign(), (error) => isProblem('database-older')(error) && /ends after 100 records, but 301 records were signed/.test(String(error)));
  await addRecords(250);
  await assert.rejects(sign(), isProblem('database-other'));
  assert.deepEqual(await rows(), []);
});

test('a record that its administrator changed with its hash is noticed at the next signing, and one that is gone is named', async () => {
  await addRecords(10);
  await sign();
  await addRecords(1);
  await asAdministrator(database.url, [`update audit_records set body = 'x', leaf_hash = sha256('\\x0078') where seq = 4`]);
  await assert.rejects(sign(), isProblem('database-other'));
  await asAdministrator(database.url, ['delete from audit_records where seq = 7']);
  await assert.rejects(sign(), (error) => isProblem('records-missing')(error) && /Record 7 /.test(String(error)));
});

const spoil: readonly [string, SigningProblemCode, () => Promise<unknown>][] = [
  ['that is gone', 'key-missing', () => rm(files.key)],
  ['that is another\'s', 'key-other', () => writeFile(files.key, makeSigningKey('another/log').text)],
  ['that is cut off', 'key-wrong', () => truncate(files.key, 30)],
  ['that cannot be read', 'key-unreadable', async () => { await rm(files.key); await mkdir(files.key); }],
];
for (const [what, code, act] of spoil) {
  test(`with a key file ${what} nothing is signed and no second key is made`, async () => {
    await addRecords(2);
    await sign();
    await addRecords(1);
    const before = await readFile(files.key, 'utf8');
    await act();
    await assert.rejects(sign(), isProblem(code));
    await assert.rejects(sign(), isProblem(code));
    assert.equal((await rows()).length, 1);
    await rm(files.key, { recursive: true, force: true });
    await writeFile(files.key, before);
    await chmod(files.key, 0o600);
    assert.equal((await sign()).signed?.size, 4);
  });
}

test('an empty database beside checkpoints gets no key of its own, and a file of another key is refused', async () => {
  await addRecords(1);
  await sign();
  await asAdministrator(database.url, ['delete from audit_checkpoints', 'delete from audit_keys']);
  await rename(files.key, `${files.key}.away`);
  await assert.rejects(sign(), isProblem('key-missing'));
  await rename(`${files.key}.away`, files.key);
  await writeFile(files.checkpoints, `\n${signCheckpoint({ size: 1, root: emptyRoot }, makeSigningKey('127.0.0.1:3000/log'))}`);
  await assert.rejects(sign(), isProblem('file-other'));
});

test('what is wrong is recorded once, and so is that it went on', async () => {
  await addRecords(1);
  await sign();
  await asAdministrator(database.url, restoreTo(1));
  for (let round = 0; round < 3; round += 1) {
    await sign().then(() => assert.fail('it signed'), (error: unknown) => reportSigning(error instanceof SigningProblem ? error : assert.fail()));
  }
  assert.equal(await countOf('signing.stopped'), 1);
  await reportSigning(null);
  await reportSigning(null);
  assert.equal(await countOf('signing.resumed'), 1);
});

test('a process without the key says nothing while another one signs', async () => {
  await reportSigning(null);
  const problem = await signLog({ ...files, key: files.folder }).then(() => assert.fail(), (error: unknown) => error);
  assert.ok(problem instanceof SigningProblem);
  assert.equal(await reportSigning(problem), false);
  await asAdministrator(database.url, [`update audit_signing set checked_at = now() - interval '10 minutes'`]);
  assert.equal(await reportSigning(problem), true);
});

test('an operator starts a new key after a restore; the former files stay and the record names them', async () => {
  await addRecords(3);
  await sign();
  await assert.rejects(startNewKey(files, 'no reason'), /nothing was changed/);
  const former = await verifier();
  await asAdministrator(database.url, restoreTo(2));
  await assert.rejects(sign(), isProblem('database-older'));
  const resumed = await startNewKey(files, 'The disk of the database failed; yesterday\'s backup was restored.');
  assert.equal(resumed.former?.size, 4);
  assert.notDeepEqual((await verifier()).id, former.id);
  assert.deepEqual(notesIn(await readFile(`${files.checkpoints}.${resumed.stamp}`, 'utf8')).map((note) => openCheckpoint(note, former).size), [4]);
  assert.equal((await sign()).signed?.size, 4);
  assert.deepEqual(await sizesInFile(), [4]);
  assert.deepEqual((await namesOf()).slice(-2), ['signing-key.taken', 'signing.resumed']);
});

test('a new beginning that was cut off between database and files is finished by the next call', async () => {
  await addRecords(3);
  await sign();
  await rm(files.key);
  const resumed = await startNewKey(files, 'The key was lost.');
  // As if the process had been killed before it put the new key into place.
  await rename(files.key, `${files.key}.new`);
  await assert.rejects(sign(), isProblem('key-missing'));
  assert.equal((await startNewKey(files, 'again')).verifier, resumed.verifier);
  assert.equal((await sign()).signed?.size, 6);
});

test('the signer adds and changes nothing that was added, and of records it reads numbers and hashes alone', async () => {
  await addRecords(2);
  await sign();
  await assert.rejects(transaction(ingestActor, (tx) => tx.updateTable('audit_checkpoints').set({ note: 'another' }).execute()), /permission denied/);
  await assert.rejects(transaction(ingestActor, (tx) => tx.deleteFrom('audit_tiles').execute()), /permission denied/);
  await assert.rejects(transaction(ingestActor, (tx) => tx.selectFrom('audit_records').select('body').execute()), /permission denied/);
  await assert.rejects(asOwner('delete from audit_checkpoints'), /never changed or removed/);
});
