/** What a test of a provider's settings says, in words that an admin can act on. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { providerToTest, testProvider } from '#lib/auth/provider-test.ts';
import { startTestProvider, type Lies, type TestProvider } from '#lib/auth/testing-provider.ts';
import { makeCertificate, samlTestProvider } from '#lib/auth/testing-saml.ts';
import { useEnv } from '#lib/env.ts';

let provider: TestProvider;
before(async () => {
  useEnv({ ATTEST_URL: 'http://127.0.0.1:3000', AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'test' });
  provider = await startTestProvider({ appUrl: 'http://127.0.0.1:3000', id: 'tried' });
});
after(() => provider.stop());
afterEach(() => {
  provider.lies = {};
});

async function say(settings: Record<string, unknown> = {}): Promise<{ works: boolean; words: string }> {
  const { works, findings } = await testProvider(providerToTest.parse({ kind: 'oidc', settings: { issuer: provider.issuer, clientId: 'attest', ...settings } }));
  return { works, words: findings.map((finding) => finding.sentence).join(' ') };
}

test('a provider that works is told with what it can do', async () => {
  const { works, words } = await say();
  assert.equal(works, true);
  assert.match(words, /calls itself http:.* publishes the keys .* signs with RS256\. Signing out here signs out there too\. It can announce/);
  assert.match((await say({ logout: 'here' })).words, /Signing out ends the session here alone/);
});

const faults: readonly (readonly [what: string, lies: Lies, words: RegExp])[] = [
  ['is not there', { broken: { path: /openid-configuration/, status: 404 } }, /There is no such provider at that address \(404\)\. It was asked at http/],
  ['is broken', { broken: { path: /openid-configuration/, status: 500 } }, /answered 500/],
  ['is another', { metadata: (honest) => ({ ...honest, issuer: 'https://other.example' }) }, /calls itself https:\/\/other\.example, not/],
  ['is a web page', { metadata: () => '<html>' }, /is not JSON, so this is probably not the issuer/],
  ['lacks something', { metadata: ({ issuer }) => ({ issuer }) }, /lacks something or is of the wrong kind: authorization_endpoint/],
  ['publishes too much', { metadata: (honest) => JSON.stringify(honest) + ' '.repeat(300_000) }, /more than 256 KiB/],
  ['hangs up', { dead: /./ }, /cannot be reached/],
  ['is too slow', { slow: { path: /openid-configuration/, ms: 5500 } }, /did not answer within 5 seconds/],
  ['sends us elsewhere', { moved: { path: /openid-configuration/, to: 'http://127.0.0.1:1/' } }, /cannot be reached: it sends us elsewhere/],
  ['has no keys', { keys: () => ({ keys: [] }) }, /Its keys cannot be read .* publishes no key/],
  ['signs with nothing that we take', { metadata: (honest) => ({ ...honest, id_token_signing_alg_values_supported: ['HS256', 'none'] }) }, /signs with no algorithm that Attest takes/],
];
for (const [what, lies, words] of faults) {
  test(`a provider that ${what} is told so`, async () => {
    provider.lies = lies;
    const said = await say();
    assert.equal(said.works, false);
    assert.match(said.words, words);
  });
}

test('a SAML provider’s certificate is looked at', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const settings = { issuer: 'idp', entryPoint: 'https://idp.example/sso' };
  const good = await testProvider(providerToTest.parse({ kind: 'saml', settings: { ...settings, certificate: samlTestProvider().certificate } }));
  assert.deepEqual([good.works, good.findings[0]?.sentence], [true, 'A certificate is good until 2099-12-31.']);
  const expired = makeCertificate(privateKey, publicKey, { from: '20200101000000Z', to: '20210101000000Z' });
  const both = await testProvider(providerToTest.parse({ kind: 'saml', settings: { ...settings, certificate: `${expired}\n${samlTestProvider().certificate}` } }));
  assert.deepEqual([both.works, both.findings[0]?.sentence], [false, 'A certificate expired on 2021-01-01. Load the provider’s current one.']);
});
