/** package-lock.json installs with `npm ci` on every platform and from every registry. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { findMissing, lockFile, readLock } from './complete-lock.ts';

test('the lock file names every optional package (otherwise: npm run lock:complete)', () => {
  assert.deepEqual(findMissing(readLock()), []);
});

test('a package that is missing is found', () => {
  const lock = readLock();
  const { 'node_modules/@next/swc-linux-arm64-musl': _removed, ...packages } = lock.packages;
  assert.deepEqual(findMissing({ ...lock, packages }).map(({ name }) => name), ['@next/swc-linux-arm64-musl']);
});

test('the lock file holds no download address', () => {
  assert.doesNotMatch(fs.readFileSync(lockFile, 'utf8'), /"resolved":/);
});
