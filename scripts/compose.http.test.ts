/**
 * The entries that docker-compose.yml runs, as separate processes with exactly the variables that the file gives them,
 * on a real Postgres server: migrate, web, two ingest processes (as with --scale ingest=2) and models.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { makeDatabaseOn, type TestDatabase } from '#lib/db/testing.ts';
import { samlTestProvider } from '#lib/auth/testing-saml.ts';
import { surroundings } from '#lib/env.ts';
import { environmentOf, services } from './compose-file.ts';
import { freePort } from './start/checks.ts';

const server = surroundings()['DATABASE_URL'];
const skip = server ? false : 'needs DATABASE_URL: the services run on a Postgres server';
const root = path.resolve(import.meta.dirname, '..');
const login = `attest_test_login_${randomBytes(4).toString('hex')}`;
const password = randomBytes(12).toString('hex');

/** The company signs in with SAML and nothing else. */
const { issuer, entryPoint, certificate } = samlTestProvider();

let scratch: string;
let database: TestDatabase;
let ports: { web: number; models: number; ingest: number; second: number };
const running: ChildProcess[] = [];

/** What the image and the network of the file give, in terms of this machine. */
function environmentHere(name: string): Record<string, string> {
  const given = environmentOf(name, {
    ATTEST_URL: `http://127.0.0.1:${ports.web}`,
    POSTGRES_PASSWORD: 'unused',
    ATTEST_DATABASE_PASSWORD: password,
    AUTH_SECRET: randomBytes(24).toString('hex'),
    MODELS_KEY: 'k'.repeat(40),
    MODELS_DOWNLOAD: 'off',
    OIDC_PROVIDERS: JSON.stringify([{ id: 'papers', kind: 'saml', name: 'Papers', issuer, entryPoint, certificate }]),
  });
  const url = new URL(database.url);
  const host = url.host;
  const replaced = Object.entries(given).map(([key, value]): [string, string] => {
    if (key === 'DATABASE_ADMIN_URL') return [key, database.url];
    if (key === 'DATABASE_URL') return [key, value.replace('//attest:', `//${login}:`).replace('@db:5432/attest', `@${host}${url.pathname}`)];
    return [key, value.replace('http://models:3801', `http://127.0.0.1:${ports.models}`)];
  });
  const image = { NODE_ENV: 'production', DATA_DIR: scratch, MODELS_DIR: path.join(scratch, 'models'), WEB_PORT: String(ports.web), MODELS_PORT: String(ports.models), INGEST_PORT: String(ports.ingest) };
  return { ...image, PATH: surroundings()['PATH'] ?? '', HOME: scratch, ...Object.fromEntries(replaced) };
}

function run(name: string, changes: Record<string, string> = {}, { quiet = false } = {}): ChildProcess {
  const [program, ...args] = services[name]?.command ?? [];
  assert.equal(program, 'node');
  const child = spawn(process.execPath, args, { cwd: root, env: { ...environmentHere(name), NODE_ENV: 'production', ...changes }, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  child.on('exit', (code) => code !== 0 && code !== null && !quiet && process.stderr.write(`${name}: ${words.slice(-2000)}\n`));
  running.push(child);
  return child;
}

async function untilHealthy(name: string, changes: Record<string, string> = {}): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const check = spawn(process.execPath, (services[name]?.healthcheck?.test ?? ['CMD', 'node', 'scripts/health.ts', 'web']).slice(2), { cwd: root, env: { ...environmentHere(name), NODE_ENV: 'production', ...changes }, stdio: 'ignore' });
    const [code] = await once(check, 'exit');
    if (code === 0) return;
    await sleep(500);
  }
  assert.fail(`${name} did not become healthy`);
}

before(async () => {
  if (!server) return;
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-compose-'));
  database = await makeDatabaseOn(server);
  ports = { web: await freePort(0), models: await freePort(0), ingest: await freePort(0), second: await freePort(0) };
});

after(async () => {
  if (!server) return;
  for (const child of running) child.kill('SIGKILL');
  await database.stop();
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`drop role if exists ${login}`);
  await client.end();
  fs.rmSync(scratch, { recursive: true, force: true });
});

test('migrate ends well, twice, and makes a login without rights of its own', { skip }, async () => {
  for (let round = 0; round < 2; round++) {
    const [code] = await once(run('migrate'), 'exit');
    assert.equal(code, 0);
  }
  const client = new pg.Client({ connectionString: environmentHere('web')['DATABASE_URL'] });
  await client.connect();
  const { rows } = await client.query('select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user');
  assert.deepEqual(rows, [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false }]);
  await assert.rejects(client.query('drop table documents'), /must be owner/);
  await client.end();
});

test('web that nobody could sign in to ends and says what to set', { skip }, async () => {
  const child = run('web', { OIDC_PROVIDERS: '', LOG_LEVEL: 'fatal' }, { quiet: true });
  let words = '';
  child.stderr?.on('data', (text: string) => (words += text));
  const [code] = await once(child, 'exit');
  assert.equal(code, 1);
  assert.match(words, /No identity provider is set up, so nobody could sign in\. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET .*or OIDC_PROVIDERS/);
});

test('web, models and two ingest processes become healthy and answer', { skip }, async () => {
  const second = { INGEST_PORT: String(ports.second) };
  run('models');
  run('ingest');
  run('ingest', second);
  run('web');
  await Promise.all([untilHealthy('models'), untilHealthy('ingest'), untilHealthy('ingest', second), untilHealthy('web')]);
  const page = await fetch(`http://127.0.0.1:${ports.web}/sign-in`);
  assert.equal(page.status, 200);
  const shown = await page.text();
  assert.doesNotMatch(shown, /halden\.example/, 'no demo people without the demo');
  assert.match(shown, /Continue with Papers/);
  const refused = await fetch(`http://127.0.0.1:${ports.models}/v1/models`);
  assert.equal(refused.status, 401, 'the models process wants its key');
});

test('each of them ends well when asked to', { skip }, async () => {
  for (const child of running.filter(({ exitCode }) => exitCode === null)) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await ended;
    assert.equal(code, 0, child.spawnargs.join(' '));
  }
});
