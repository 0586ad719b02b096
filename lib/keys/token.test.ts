/** Keys as text: what is one, what is none, and what is kept of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKey, isKey, newKey, prefixOf } from './token.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('a thousand new keys are keys, and no two are alike in any half', () => {
  const keys = Array.from({ length: 1000 }, newKey);
  for (const key of keys) assert.match(key, /^attest_[A-Za-z0-9_-]{49}$/);
  assert.ok(keys.every(isKey));
  for (const part of [[7, 28], [28, 50]] as const) assert.equal(new Set(keys.map((key) => key.slice(...part))).size, keys.length);
});

test('a key with any one character changed, two exchanged, or one too many or too few is none', () => {
  const key = newKey();
  for (let at = 0; at < key.length; at += 1) {
    for (const character of alphabet) {
      if (key[at] !== character) assert.ok(!isKey(key.slice(0, at) + character + key.slice(at + 1)), `${at} ${character}`);
    }
    if (at + 1 < key.length && key[at] !== key[at + 1]) assert.ok(!isKey(key.slice(0, at) + (key[at + 1] ?? '') + (key[at] ?? '') + key.slice(at + 2)), `exchanged at ${at}`);
    assert.ok(!isKey(key.slice(0, at) + key.slice(at + 1)), `without ${at}`);
  }
  for (const odd of ['', 'attest_', `${key} `, ` ${key}`, `${key}\n`, key.toUpperCase(), key.replace('attest_', 'attest-'), `${key}${key}`, encodeURIComponent(`é${key}`)]) assert.ok(!isKey(odd), JSON.stringify(odd));
});

test('whatever a program sends is told to be none without failing, in time that grows with its length alone', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => !isKey(text) && !isKey(`attest_${text}`)));
  const began = performance.now();
  isKey(`attest_${'A'.repeat(5_000_000)}`);
  assert.ok(performance.now() - began < 500);
});

test('what is kept of a key is its hash and its first characters, from which it cannot be had back', () => {
  const key = newKey();
  assert.equal(hashKey(key).length, 32);
  assert.equal(prefixOf(key), key.slice(0, 11));
  assert.notDeepEqual(hashKey(key), hashKey(newKey()));
});
