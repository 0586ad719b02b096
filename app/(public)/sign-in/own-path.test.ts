/** Where a sign-in may lead. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { ownPath } from './own-path.ts';

test('a page of ours is kept with its query', () => {
  assert.equal(ownPath('/library/documents/1?version=2&block=7'), '/library/documents/1?version=2&block=7');
});

test('anything that leaves the site, an API or the sign-in itself leads to Ask', () => {
  const traps = [undefined, '', 'ask', 'https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', '/api/auth/signout', '/sign-in?from=/sign-in', '/./api/x', '/a/..//evil.example'];
  for (const trap of traps) assert.equal(ownPath(trap), '/ask', String(trap));
});
