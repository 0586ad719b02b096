/** Checkpoints: the published example of a signed note, and everything that a note must not get through with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CheckpointError, makeSigningKey, openCheckpoint, readSigningKey, readVerifyingKey, signCheckpoint } from './checkpoint.ts';
import { leafHash } from './merkle.ts';

const seed = Date.now() & 0x7fffffff;
const signer = makeSigningKey('attest.example.test/log');
const verifier = readVerifyingKey(signer.verifierText);
const root = leafHash(Buffer.from('record'));
const note = signCheckpoint({ size: 17, root }, signer);

test('the example of Go\'s sumdb/note package verifies with its published key', () => {
  const key = readVerifyingKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const published = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  // The signature is good; what it signs is no checkpoint.
  assert.throws(() => openCheckpoint(published, key), /another log/);
  assert.throws(() => openCheckpoint(published.replace('answer', 'Answer'), key), /does not belong to this note/);
});

test('a checkpoint that was signed is read back, also from keys that were written down', () => {
  assert.deepEqual(openCheckpoint(note, verifier), { origin: 'attest.example.test/log', size: 17, root });
  assert.equal(signCheckpoint({ size: 17, root }, readSigningKey(`${signer.text}\n`)), note);
});

test('no byte of a checkpoint can be changed', (t) => {
  t.diagnostic(`fast-check seed ${seed}`);
  const bytes = Buffer.from(note);
  fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ change;
    assert.throws(() => openCheckpoint(changed.toString('utf8'), verifier), CheckpointError);
  }), { seed, numRuns: 2000 });
});

const refused: Record<string, string> = {
  'one by another key': signCheckpoint({ size: 17, root }, makeSigningKey(signer.name)),
  'one by the same key under another name': note.replaceAll(signer.name, 'other.example.test/log'),
  'one without a signature': note.slice(0, note.indexOf('\n\n') + 1),
  'one that is cut off': note.slice(0, -1),
  'one with a good and a bad signature of the key': `${note}${signCheckpoint({ size: 18, root }, signer).split('\n').at(-2)}\n`,
  'an empty one': '',
};
for (const [what, given] of Object.entries(refused)) {
  test(`a checkpoint is refused: ${what}`, () => {
    assert.throws(() => openCheckpoint(given, verifier), CheckpointError);
  });
}

for (const [what, text] of Object.entries({
  'nothing': '',
  'a verifier key': signer.verifierText,
  'a key whose id is another\'s': signer.text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
  'a key that is cut off': signer.text.slice(0, -8),
  'other text': 'PRIVATE+KEY+a+b+c',
})) {
  test(`a key file is refused that holds ${what}`, () => assert.throws(() => readSigningKey(text), CheckpointError));
}
