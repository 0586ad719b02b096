/** Sealed secrets open for their purpose alone, and not at all when a bit of them has changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { useEnv } from '../env.ts';
import { seal, unseal } from './seal.ts';

useEnv({ AUTH_SECRET: 'a secret for tests that is long enough' });

test('what was sealed opens for the same purpose and for no other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (purpose, other, text) => {
      const sealed = seal(purpose, text);
      assert.equal(unseal(purpose, sealed), text);
      if (other !== purpose) assert.throws(() => unseal(other, sealed));
    }),
  );
});

test('the same text is never sealed twice to the same bytes, and stands in none of them', () => {
  const sealed = Array.from({ length: 50 }, () => seal('provider okta', 'the client secret').toString('base64'));
  assert.equal(new Set(sealed).size, 50);
  assert.ok(!seal('provider okta', 'the client secret').includes('client'));
});

test('one flipped bit anywhere, a cut-off end or another AUTH_SECRET opens nothing', () => {
  const sealed = seal('provider okta', 'the client secret');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const flipped = Buffer.from(sealed);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => unseal('provider okta', flipped), `bit ${bit}`);
  }
  for (const length of [0, 1, 20, 28, sealed.length - 1]) assert.throws(() => unseal('provider okta', sealed.subarray(0, length)));
  useEnv({ AUTH_SECRET: 'another secret for tests that is long enough' });
  assert.throws(() => unseal('provider okta', sealed));
  useEnv({ AUTH_SECRET: 'a secret for tests that is long enough' });
});
