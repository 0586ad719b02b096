/** What may be set for a provider, and the one sentence that says what is wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useEnv } from '../env.ts';
import { isSafeAddress, parseProviders, samlSettings } from './provider-settings.ts';

useEnv({ ATTEST_URL: 'https://attest.example', NODE_ENV: 'test' });

const okta = { id: 'okta', name: 'Okta', issuer: 'https://halden.okta.example', clientId: 'attest' };
const parse = (...providers: unknown[]) => parseProviders(JSON.stringify(providers));

test('a provider needs an id, a name, an issuer and a client id; the rest has defaults', () => {
  assert.deepEqual(parse(okta), [{ ...okta, kind: 'oidc', scopes: 'openid email profile', groupsClaim: 'groups', trustsEmail: false, logout: 'provider' }]);
  assert.deepEqual(parseProviders(undefined), []);
  assert.deepEqual(parse(), []);
});

const mistakes: readonly (readonly [what: string, text: string, sentence: string])[] = [
  ['no JSON', '[{', 'OIDC_PROVIDERS is not valid JSON.'],
  ['no array', '{}', 'OIDC_PROVIDERS must be a JSON array of providers.'],
  ['a missing setting', JSON.stringify([{ ...okta, clientId: undefined }]), 'OIDC_PROVIDERS is wrong at provider 1: clientId is missing.'],
  ['an unknown setting', JSON.stringify([okta, { ...okta, id: 'two', clientID: 'x' }]), 'OIDC_PROVIDERS is wrong at provider 2: has an unknown setting "clientID".'],
  ['a plain http issuer', JSON.stringify([{ ...okta, issuer: 'http://okta.example' }]), 'OIDC_PROVIDERS is wrong at provider 1: issuer must be an https address.'],
  ['an issuer that is no address', JSON.stringify([{ ...okta, issuer: 'okta' }]), 'OIDC_PROVIDERS is wrong at provider 1: issuer is not an address.'],
  ['an id that cannot stand in an address', JSON.stringify([{ ...okta, id: '../x' }]), 'OIDC_PROVIDERS is wrong at provider 1: id must be lower-case letters, digits and hyphens, begin with a letter and have at most 40 characters.'],
  ['an id twice', JSON.stringify([okta, okta]), 'OIDC_PROVIDERS names the provider "okta" twice.'],
  ['a reserved id', JSON.stringify([{ ...okta, id: 'company' }]), 'OIDC_PROVIDERS may not call a provider "company"; choose another id.'],
  ['scopes without openid', JSON.stringify([{ ...okta, scopes: 'email' }]), 'OIDC_PROVIDERS is wrong at provider 1: scopes must hold openid.'],
  ['an entry that is no provider', '[7]', 'OIDC_PROVIDERS is wrong at provider 1: Invalid input: expected object, received number.'],
];
for (const [what, text, sentence] of mistakes) {
  test(`${what} is said in one sentence`, () => assert.throws(() => parseProviders(text), { message: sentence }));
}

test('an address is safe with https, or with http on this machine, and never with a password in it', () => {
  for (const good of ['https://id.example', 'https://id.example/realms/x', 'http://127.0.0.1:3803', 'http://localhost:1', 'http://[::1]:1']) assert.ok(isSafeAddress(good), good);
  for (const bad of ['http://id.example', 'http://127.0.0.1.evil.example', 'ftp://127.0.0.1', 'https://a:b@id.example', 'javascript:alert(1)', 'id.example', '']) assert.ok(!isSafeAddress(bad), bad);
});

test('a SAML provider needs a certificate, as PEM or as its base64 alone', () => {
  for (const certificate of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    assert.ok(!samlSettings.safeParse({ issuer: 'idp', entryPoint: 'https://idp.example/sso', certificate }).success);
  }
});
