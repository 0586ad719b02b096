/** docker-compose.yml is what docker compose accepts, and what the code needs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkSignIn } from '#lib/auth/check.ts';
import { environmentProviders } from '#lib/auth/provider.ts';
import { samlTestProvider } from '#lib/auth/testing-saml.ts';
import { envNames, surroundings, useEnv } from '#lib/env.ts';
import { composeFile, composeText, environmentOf, fillIn, services, variablesOf } from './compose-file.ts';
import { ingestNodeOptions } from './start/parts.ts';

const root = path.dirname(composeFile);
const secrets = {
  ATTEST_URL: 'https://attest.example',
  POSTGRES_PASSWORD: 'owner1',
  ATTEST_DATABASE_PASSWORD: 'runtime1',
  AUTH_SECRET: 'a'.repeat(40),
  MODELS_KEY: 'k'.repeat(40),
};
const oidc = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'attest', OIDC_CLIENT_SECRET: 's'.repeat(40) };
/** Decided by `npm start` or by the image, or without use in containers. */
const notForContainers = ['WEB_PORT', 'WEB_HOST', 'DATA_DIR', 'EMBEDDED_DATABASE_PORT', 'DEMO', 'DEMO_ISSUER', 'MODELS_DIR', 'MODELS_PORT', 'MODELS_HOST', 'INGEST_PORT', 'INGEST_HOST', 'NODE_ENV'];

function compose(args: string[], variables: Record<string, string>): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('docker', ['compose', '--env-file', '/dev/null', '-f', composeFile, ...args], { encoding: 'utf8', env: { ...surroundings(), NODE_ENV: 'production', ...variables } });
  return { status, output: stdout + stderr };
}
const hasClient = spawnSync('docker', ['compose', 'version']).status === 0;
const skip = hasClient ? false : 'docker compose is not installed';

test('docker compose accepts the file, alone and with GPUs', { skip }, () => {
  for (const args of [['config', '--quiet'], ['-f', path.join(root, 'docker-compose.gpu.yml'), 'config', '--quiet']]) {
    const { status, output } = compose(args, secrets);
    assert.equal(status, 0, output);
  }
});

test('docker compose names a missing secret', { skip }, () => {
  for (const name of Object.keys(secrets)) {
    const { status, output } = compose(['config', '--quiet'], { ...secrets, [name]: '' });
    assert.notEqual(status, 0);
    assert.match(output, new RegExp(name));
  }
});

test('a missing secret stops the start with its name, and no secret has a default', () => {
  const variables = variablesOf(composeText);
  const required = new Set(variables.filter(({ operator }) => operator === ':?').map(({ name }) => name));
  assert.deepEqual([...required].sort(), Object.keys(secrets).sort());
  for (const { name, operator, word } of variables) {
    // The client secret of a provider is empty where the provider needs none, or is not set by variables.
    assert.ok(!/PASSWORD|SECRET|KEY/.test(name) || operator === ':?' || (name === 'OIDC_CLIENT_SECRET' && word === ''), `${name} must not have a default`);
  }
  for (const name of required) assert.throws(() => fillIn(composeText, { ...secrets, [name]: '' }), new RegExp(`required variable ${name} .*${name}`));
});

/** The providers of the web service with these variables, as its process reads them. */
function providersWith(variables: Record<string, string>): string[] {
  useEnv({ ...environmentOf('web', { ...secrets, ...variables }), NODE_ENV: 'production' });
  checkSignIn();
  return environmentProviders().map(({ id, kind }) => `${kind} ${id}`);
}

test('a company signs in with OpenID Connect, with SAML alone, or with providers that stand in the database, and never with the demo', () => {
  const { issuer, entryPoint, certificate } = samlTestProvider();
  const saml = JSON.stringify([{ id: 'papers', kind: 'saml', name: 'Papers', issuer, entryPoint, certificate }]);
  assert.deepEqual(providersWith(oidc), ['oidc company']);
  assert.deepEqual(providersWith({ OIDC_PROVIDERS: saml }), ['saml papers']);
  assert.deepEqual(providersWith({ ...oidc, OIDC_PROVIDERS: saml }), ['oidc company', 'saml papers']);
  assert.deepEqual(providersWith({}), []);
  assert.throws(() => providersWith({ OIDC_ISSUER: oidc.OIDC_ISSUER }), /OIDC_ISSUER is set and OIDC_CLIENT_ID is not\. Set both\./);
  for (const ATTEST_URL of ['https://attest.example', 'http://10.0.0.5:3000']) {
    useEnv({ ...environmentOf('web', { ...secrets, ATTEST_URL }), NODE_ENV: 'production', DEMO_ISSUER: 'http://127.0.0.1:3803' });
    assert.throws(checkSignIn, /The demo sign-in has no passwords and does not run at .*Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET .*or OIDC_PROVIDERS/);
  }
});

test('ingest runs with the bounds on memory that npm start gives it', () => {
  assert.deepEqual(services['ingest']?.command, ['node', ...ingestNodeOptions, 'ingest/main.ts']);
});

test('every variable of the file stands in .env.example', () => {
  const example = fs.readFileSync(path.join(root, '.env.example'), 'utf8');
  const gpu = fs.readFileSync(path.join(root, 'docker-compose.gpu.yml'), 'utf8');
  const missing = variablesOf(composeText + gpu).filter(({ name }) => !new RegExp(`^#?${name}=`, 'm').test(example));
  assert.deepEqual(missing.map(({ name }) => name), []);
});

test('every variable of the product reaches a service', () => {
  const passed = new Set(Object.values(services).flatMap(({ environment }) => Object.keys(environment)));
  assert.deepEqual(envNames.filter((name) => !passed.has(name) && !notForContainers.includes(name)), []);
});

test('every service runs an entry that is there, and has a health check or none on purpose', () => {
  for (const [name, { command, healthcheck }] of Object.entries(services)) {
    assert.ok(healthcheck, `${name} has no health check`);
    if (name === 'db') continue;
    const entry = command?.find((word) => word.endsWith('.ts'));
    assert.ok(entry && fs.existsSync(path.join(root, entry)), `${name} runs ${entry}`);
  }
});

test('ingest can be scaled: it has no name and no port of its own on the host', () => {
  assert.ok(!('container_name' in (services['ingest'] ?? {})));
  assert.ok(!('ports' in (services['ingest'] ?? {})));
});
