/** The same roots, checkpoints and proofs as golang.org/x/mod's own, where Go and Debian's golang-golang-x-mod-dev are installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { childEnvironment, scratchFolder, surroundings } from '../../env.ts';
import { appendLeaf, emptyFrontier, leafHash, rootOf } from '../merkle.ts';
import { endAnew, exportOf, randomFrom, testLog, type TestLog } from '../testing-log.ts';

const packages = '/usr/share/gocode';
const hasGo = spawnSync('go', ['version']).status === 0 && fs.existsSync(path.join(packages, 'src/golang.org/x/mod/sumdb/tlog'));
const skip = hasGo ? false : 'Go or golang-golang-x-mod-dev is not installed';
const verifyScript = path.join(import.meta.dirname, '../../../scripts/attest-verify.ts');

let folder: string;
let log: TestLog;
let file: string;

before(async () => {
  folder = await mkdtemp(path.join(scratchFolder, 'attest-independent-'));
  log = await testLog(700, randomFrom(7));
  file = path.join(folder, 'export.jsonl');
  await writeFile(file, (await exportOf(log)).join(''));
  if (!hasGo) return;
  const environment = childEnvironment({ ...surroundings(), GOPATH: packages, GO111MODULE: 'off', GOFLAGS: '', GOCACHE: path.join(folder, 'cache') });
  const { status, stderr } = spawnSync('go', ['build', '-o', path.join(folder, 'check'), path.join(import.meta.dirname, 'main.go')], { encoding: 'utf8', env: environment });
  assert.equal(status, 0, stderr);
});
after(() => rm(folder, { recursive: true, force: true }));

function check(args: string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(path.join(folder, 'check'), args, { encoding: 'utf8', input });
  return { status, output: stdout + stderr };
}

const verify = (...args: string[]) => spawnSync(process.execPath, [verifyScript, ...args], { encoding: 'utf8' });

test('Go\'s roots of 1 to 1,025 records are ours', { skip }, () => {
  const { status, output } = check(['roots', '1025']);
  assert.equal(status, 0, output);
  const frontier = emptyFrontier();
  const ours = Array.from({ length: 1025 }, (_, index) => {
    appendLeaf(frontier, leafHash(Buffer.from(`record ${index}`)));
    return rootOf(frontier).toString('base64');
  });
  assert.deepEqual(output.trim().split('\n'), ours);
});

test('Go opens every checkpoint of an export and finds the roots that they say', { skip }, async () => {
  assert.deepEqual(check(['verify', file, log.signer.verifierText]), { status: 0, output: `700 records, ${log.checkpoints.length} checkpoints\n` });
  const other = path.join(folder, 'other.jsonl');
  await writeFile(other, endAnew((await exportOf(log)).map((line) => line.replace('"seq":5,', '"seq":6,'))).join(''));
  assert.equal(check(['verify', other, log.signer.verifierText]).status, 1);
});

test('Go accepts the proof that attest-verify prints, for that record and for no other', { skip }, async () => {
  for (const seq of [0, 255, 256, 511, 612, 699]) {
    const { status, stdout } = verify(file, '--key', log.signer.verifierText, '--prove', String(seq));
    assert.equal(status, 0, stdout);
    const proof = path.join(folder, `${seq}.tlog-proof`);
    await writeFile(proof, stdout.slice(stdout.indexOf('c2sp.org'), stdout.indexOf('Root ') - 1));
    assert.deepEqual(check(['prove', proof, log.signer.verifierText], log.records[seq]?.body.toString('utf8')), { status: 0, output: `record ${seq} is in the log of 700\n` });
    assert.equal(check(['prove', proof, log.signer.verifierText], log.records[seq === 0 ? 1 : 0]?.body.toString('utf8')).status, 1);
  }
});
