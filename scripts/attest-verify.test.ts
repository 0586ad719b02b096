/** The offline verifier as a program: what it says and how it exits. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeSigningKey, signCheckpoint } from '#lib/audit/checkpoint.ts';
import { leafHash } from '#lib/audit/merkle.ts';
import { endAnew, exportOf, randomFrom, testLog, type TestLog } from '#lib/audit/testing-log.ts';
import { scratchFolder } from '#lib/env.ts';

let folder: string;
let log: TestLog;
let lines: string[];

before(async () => {
  folder = await mkdtemp(path.join(scratchFolder, 'attest-verify-'));
  log = await testLog(300, randomFrom(3));
  lines = await exportOf(log);
});
after(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
}

function verify(...args: string[]): { status: number | null; last: string; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'attest-verify.ts'), ...args], { encoding: 'utf8' });
  const output = stdout + stderr;
  return { status, last: output.trim().split('\n').at(-1) ?? '', output };
}

test('a clean export verifies with the key, given itself or in a file, and says so in its last line', async () => {
  const file = await write('clean', lines.join(''));
  const expected = `VERIFIED: records 0 to 299, ${log.checkpoints.length} checkpoints, 200 texts.`;
  assert.deepEqual([verify(file, '--key', log.signer.verifierText)].map(({ status, last }) => [status, last]), [[0, expected]]);
  const keys = await write('keys', `${makeSigningKey('other/log').verifierText}\n${log.signer.verifierText}\n`);
  assert.equal(verify(file, '--key', keys).last, expected);
});

test('a changed record is named, and the exit code is 1', async () => {
  const file = await write('changed', endAnew(lines.map((line) => (line.startsWith('{"type":"record","seq":120,') ? line.replace(/"leaf":"[^"]*"/, `"leaf":"${leafHash(Buffer.from('x')).toString('base64')}"`) : line))).join(''));
  const { status, last } = verify(file, '--key', log.signer.verifierText);
  assert.equal(status, 1);
  assert.match(last, /^NOT VERIFIED: Record 120: .* First bad record: 120\.$/);
});

test('another key, no key, no file and a record that is not there are told apart', async () => {
  const file = await write('clean', lines.join(''));
  assert.match(verify(file, '--key', makeSigningKey(log.signer.name).verifierText).last, /^NOT VERIFIED: .*is not signed by/);
  assert.equal(verify(file).status, 2);
  assert.equal(verify(file, '--key', 'nonsense').status, 2);
  const missing = verify(path.join(folder, 'nothing'), '--key', log.signer.verifierText);
  assert.deepEqual([missing.status, /^NOT VERIFIED: ENOENT/.test(missing.last)], [2, true]);
  assert.match(verify(file, '--key', log.signer.verifierText, '--prove', '300').last, /holds the records 0 to 299/);
});

test('an older export is found out by the checkpoints that were kept elsewhere, and so is a log that was signed twice', async () => {
  const older = log.checkpoints.slice(0, -2);
  const file = await write('older', (await exportOf(log, { checkpoints: older })).join(''));
  assert.equal(verify(file, '--key', log.signer.verifierText).status, 0);
  const kept = await write('kept', log.checkpoints.map(({ note }) => `\n${note}`).join(''));
  assert.match(verify(file, '--key', log.signer.verifierText, '--checkpoints', kept).last, /^NOT VERIFIED: A checkpoint of 300 records was kept elsewhere/);
  assert.equal(verify(await write('clean', lines.join('')), '--key', log.signer.verifierText, '--checkpoints', kept).status, 0);
  const fork = signCheckpoint({ size: 300, root: leafHash(Buffer.from('other')) }, log.signer);
  assert.match(verify(file, '--key', log.signer.verifierText, '--checkpoints', await write('fork', `${log.checkpoints.at(-1)?.note}\n${fork}`)).last, /two different checkpoints of 300/);
  assert.match(verify(await write('clean', lines.join('')), '--key', log.signer.verifierText, '--checkpoints', await write('other', fork)).last, /was kept elsewhere is of another log/);
});

test('times that stand still while the clock was set back are noted and no fault', async () => {
  const random = randomFrom(5);
  const back = await testLog(20, random);
  const { keepLeaves, readFrom } = await import('#lib/audit/testing-log.ts');
  const { rootAt } = await import('#lib/audit/tree.ts');
  for (const [seq, record] of back.records.entries()) {
    const at = `2026-11-23T10:00:00.${String(seq < 10 ? 100_000 + seq * 50 : 100_450 + seq).padStart(6, '0')}Z`;
    record.at = at;
    record.body = Buffer.from(JSON.stringify({ ...JSON.parse(record.body.toString('utf8')) as object, at }));
    record.leaf_hash = leafHash(record.body);
  }
  keepLeaves(back.records);
  back.checkpoints = [{ size: 20, note: signCheckpoint({ size: 20, root: await rootAt(20, readFrom(back.records)) }, back.signer) }];
  const { status, output } = verify(await write('back', (await exportOf(back)).join('')), '--key', back.signer.verifierText);
  assert.equal(status, 0, output);
  assert.match(output, /The clock of the database was set back: the times of records 10 to 19 say their order only/);
});
