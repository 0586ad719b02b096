/** Taking files in: what arrives is what is stored, and whatever goes wrong nothing stays. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { overrideEnv, scratchFolder } from '#lib/env.ts';
import { isProblem, type ProblemCode } from '#lib/errors.ts';
import { openFile, removeFile, storedPath } from './files.ts';
import { receiveFile } from './receive.ts';
import { openTestFiles, pieces } from './testing.ts';

const files = await openTestFiles();
after(() => files.stop());

const run = promisify(execFile);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const incoming = (): Promise<string[]> => readdir(path.join(files.folder, 'incoming'));
const rejects = (work: Promise<unknown>, code: ProblemCode): Promise<void> => assert.rejects(work, (error) => isProblem(error, code));

test('whatever pieces a file arrives in, it is stored under the hash of its content', async () => {
  const body = fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 30 }).filter((parts) => parts.some((part) => part.length > 0));
  await fc.assert(fc.asyncProperty(body, async (parts) => {
    const whole = Buffer.concat(parts);
    const received = await receiveFile(pieces(parts), { bytesMax: 1_000_000, bytesExpected: whole.length, sha256Expected: hashOf(whole) });
    assert.equal(received.sha256, hashOf(whole));
    assert.equal(received.bytes, whole.length);
    assert.ok(Buffer.from(received.head).equals(whole.subarray(0, 64 * 1024)));
    await received.keep();
    await received.discard();
    assert.ok((await readFile(await storedPath(received.sha256))).equals(whole));
    assert.deepEqual(await incoming(), []);
  }), { numRuns: 60 });
});

test('an upload that breaks off at any byte leaves nothing', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(20), fc.nat(3), async (sent, size) => {
    async function* broken() {
      for (let index = 0; index < sent; index += 1) yield Buffer.alloc(size, 1);
      throw new Error('The connection was reset.');
    }
    await rejects(receiveFile(broken(), { bytesMax: 1000 }), 'file-incomplete');
    assert.deepEqual(await incoming(), []);
  }), { numRuns: 40 });
});

test('nothing is stored past the limit, and the sender is told to stop', async () => {
  let told = false;
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(1000);
    } finally {
      told = true;
    }
  }
  await rejects(receiveFile(endless(), { bytesMax: 10_500 }), 'file-too-large');
  assert.equal(told, true);
  assert.deepEqual(await incoming(), []);
  const exact = await receiveFile(pieces([Buffer.alloc(1000)]), { bytesMax: 1000 });
  await exact.discard();
});

test('an empty file, a short one and a changed one are told apart', async () => {
  await rejects(receiveFile(pieces([]), { bytesMax: 10 }), 'file-empty');
  await rejects(receiveFile(pieces([Buffer.alloc(0)]), { bytesMax: 10, bytesExpected: 0 }), 'file-empty');
  await rejects(receiveFile(pieces([Buffer.alloc(5)]), { bytesMax: 10, bytesExpected: 6 }), 'file-incomplete');
  await rejects(receiveFile(pieces([Buffer.alloc(5)]), { bytesMax: 10, sha256Expected: hashOf(Buffer.alloc(6)) }), 'file-incomplete');
  assert.deepEqual(await incoming(), []);
});

test('a file that is waiting when its process ended is found by its hash', async () => {
  const received = await receiveFile(pieces([Buffer.from('waiting')]), { bytesMax: 100 });
  assert.equal((await incoming()).length, 1);
  const opened = await openFile(received.sha256);
  opened.stream.destroy();
  assert.equal(opened.bytes, 7);
  assert.deepEqual(await incoming(), []);
  await removeFile(received.sha256);
  await rejects(storedPath(received.sha256), 'not-found');
});

test('a full disk is a full disk in words, and nothing stays on it', async (t) => {
  const mount = await mkdtemp(path.join(scratchFolder, 'attest-full-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]);
  } catch {
    await rm(mount, { recursive: true });
    return t.skip('a small file system can be mounted by root only');
  }
  try {
    overrideEnv({ DATA_DIR: mount });
    await rejects(receiveFile(pieces(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, 1))), { bytesMax: 10_000_000 }), 'disk-full');
    assert.deepEqual(await readdir(path.join(mount, 'files/incoming')), []);
    await writeFile(path.join(mount, 'still-works'), 'yes');
  } finally {
    overrideEnv({ DATA_DIR: files.data });
    await run('umount', [mount]);
    await rm(mount, { recursive: true });
  }
});
