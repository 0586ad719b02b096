/** The pieces of `npm start`: options, secrets, checks, logs, and a process under supervision. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { surroundings } from '#lib/env.ts';
import { root } from './build.ts';
import { checkDataFolder, checkPort, freePort } from './checks.ts';
import { Child } from './child.ts';
import { LogFile, readLogLine } from './logs.ts';
import { parseStartOptions } from './options.ts';
import { keepSecrets } from './secrets.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-start-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

function entry(name: string, code: string): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, code);
  return file;
}

async function until(true_: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (true_()) return;
    await sleep(100);
  }
  assert.fail(`${what} did not happen within 15 s`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function runStart(args: string[], variables: Record<string, string> = {}): { status: number | null; stderr: string; stdout: string } {
  return spawnSync(process.execPath, [path.join(root, 'scripts/start.ts'), ...args], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...surroundings(), NODE_ENV: 'production', DATA_DIR: path.join(scratch, 'data'), DATABASE_URL: '', ...variables },
  });
}

/** One sentence: one line, ending in a full stop, no stack. */
function assertSentence(stderr: string, pattern: RegExp): void {
  assert.match(stderr, pattern);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
}

test('options become variables, and an unknown one is named', () => {
  const { variables, verbose } = parseStartOptions(['--port', '8080', '--data', '/d', '--demo', 'off', '--downloads', 'off', '--models', '/m', '-v']);
  assert.deepEqual(variables, { WEB_PORT: '8080', DATA_DIR: '/d', MODELS_DIR: '/m', DEMO: 'off', MODELS_DOWNLOAD: 'off' });
  assert.equal(verbose, true);
  assert.throws(() => parseStartOptions(['--prot', '1']), /--prot/);
  assert.throws(() => parseStartOptions(['--demo', 'yes']), /on or off/);
});

test('--help says what can be set', () => {
  const { status, stdout } = runStart(['--help']);
  assert.equal(status, 0);
  for (const word of ['--port', '--data', '--demo', 'DATABASE_URL', 'OIDC_ISSUER', 'Ctrl-C']) assert.ok(stdout.includes(word), word);
});

test('an old Node is told so in one sentence', () => {
  const file = entry('old.cjs', `Object.defineProperty(process.versions, 'node', { value: '20.19.0' }); require(${JSON.stringify(path.join(root, 'scripts/node-version.cjs'))});`);
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  assert.equal(status, 1);
  assertSentence(stderr, /Node 24.*20\.19\.0/);
});

test('a taken port stops the start with one sentence and exit code 1', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const { status, stderr } = runStart(['--port', String(address.port)]);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(status, 1);
  assertSentence(stderr, /Port \d+ .*already in use.*--port/);
});

test('a data folder that cannot be written stops the start with one sentence', () => {
  fs.writeFileSync(path.join(scratch, 'file'), '');
  const { status, stderr } = runStart(['--data', path.join(scratch, 'file')]);
  assert.equal(status, 1);
  assertSentence(stderr, /data folder .* cannot be written/);
});

test('a broken DATABASE_URL stops the start with one sentence', async () => {
  const closed = await freePort(0);
  const cases = [
    ['nonsense', /not an address/],
    [`postgresql://a:b@127.0.0.1:${closed}/c`, /nothing listens there/],
  ] as const;
  for (const [url, pattern] of cases) {
    const { status, stderr } = runStart(['--port', '0'], { DATABASE_URL: url });
    assert.equal(status, 1);
    assertSentence(stderr, pattern);
    assert.ok(!stderr.includes('a:b'), 'the password is not shown');
  }
});

test('a wrong variable stops the start with its name', () => {
  const { status, stderr } = runStart([], { WEB_PORT: 'abc' });
  assert.equal(status, 1);
  assertSentence(stderr, /WEB_PORT/);
});

test('secrets are made once, readable by the owner only, and a damaged file is not overwritten', () => {
  const folder = path.join(scratch, 'secrets');
  fs.mkdirSync(folder);
  const made = keepSecrets(folder);
  assert.deepEqual(keepSecrets(folder), made);
  assert.equal(fs.statSync(path.join(folder, 'secrets.json')).mode & 0o777, 0o600);
  fs.writeFileSync(path.join(folder, 'secrets.json'), '{');
  assert.throws(() => keepSecrets(folder), /damaged/);
  assert.equal(fs.readFileSync(path.join(folder, 'secrets.json'), 'utf8'), '{');
});

test('the preferred port is given when free, another when not', async () => {
  const port = await freePort(0);
  assert.equal(await freePort(port), port);
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  assert.notEqual(await freePort(port), port);
  await assert.rejects(checkPort(port, '127.0.0.1'), /already in use/);
  await new Promise((resolve) => server.close(resolve));
  checkDataFolder(path.join(scratch, 'new', 'deep'));
});

test('log lines become sentences, and anything else stays as it is', () => {
  const line = readLogLine(JSON.stringify({ level: 30, time: 1, part: 'ingest', msg: 'document ready', pages: 3, error: { message: 'no' } }));
  assert.equal(line.text, 'document ready  pages=3  (no)');
  assert.deepEqual(readLogLine('Segmentation fault'), { level: 40, message: 'Segmentation fault', text: 'Segmentation fault' });
  assert.equal(readLogLine('{broken').text, '{broken');
});

test('a log file is put aside at its size, and three old ones are kept', () => {
  const folder = path.join(scratch, 'logs');
  const log = new LogFile(folder, 'web');
  const mebibyte = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 55; count++) log.write(mebibyte);
  log.close();
  assert.deepEqual(fs.readdirSync(folder).sort(), ['web.log', 'web.log.1', 'web.log.2', 'web.log.3']);
  for (const name of fs.readdirSync(folder)) assert.ok(fs.statSync(path.join(folder, name)).size <= 10 * 1024 * 1024);
});

test('a process that dies is started again, and not after it was stopped', async () => {
  const said: string[] = [];
  const file = entry('lives.ts', `process.stdout.write('ready\\n'); setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0));`);
  const child = new Child({ name: 'lives', entry: [file], environment: surroundings() }, { line: (_part, line) => said.push(line.text) });
  await child.start();
  const first = child.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(() => child.pid !== first && child.pid !== undefined && isAlive(child.pid), 'a restart');
  assert.ok(said.some((text) => /lives process ended \(SIGKILL\). It is started again in 0.5 s/.test(text)), said.join('\n'));
  await child.stop();
  const last = child.pid ?? 0;
  await sleep(1200);
  assert.equal(isAlive(last), false);
  assert.equal(child.pid, last);
});

test('restarts wait longer each time', async () => {
  const waits: string[] = [];
  const counter = path.join(scratch, 'counter');
  const file = entry('dies.ts', `import fs from 'node:fs'; fs.appendFileSync(${JSON.stringify(counter)}, 'x'); process.stdout.write('ready\\n'); setTimeout(() => process.exit(3), 150);`);
  const child = new Child({ name: 'dies', entry: [file], environment: surroundings() }, { line: (_part, line) => waits.push(/again in (\S+) s/.exec(line.text)?.[1] ?? '') });
  await child.start();
  await until(() => waits.includes('2'), 'a third restart');
  await child.stop();
  assert.deepEqual(waits.filter(Boolean).slice(0, 3), ['0.5', '1', '2']);
  assert.ok(fs.readFileSync(counter, 'utf8').length <= 4);
});

test('a process that ends before it is ready gives its own last words', async () => {
  const file = entry('fails.ts', `process.stderr.write(JSON.stringify({ level: 60, msg: 'The moon is wrong.' }) + '\\n'); process.exit(1);`);
  const child = new Child({ name: 'fails', entry: [file], environment: surroundings() }, { line: () => {} });
  await assert.rejects(child.start(), /fails process did not start. The moon is wrong\./);
});

test('a process is ready when its address answers', async () => {
  const port = await freePort(0);
  const file = entry('serves.ts', `import http from 'node:http'; setTimeout(() => http.createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1'), 400);`);
  const child = new Child({ name: 'serves', entry: [file], environment: surroundings(), health: `http://127.0.0.1:${port}/` }, { line: () => {} });
  await child.start();
  await new Promise((resolve) => http.get(`http://127.0.0.1:${port}/`, (response) => resolve(response.resume())));
  await child.stop();
});

test('no process outlives a supervisor that is killed', async () => {
  const pidFile = path.join(scratch, 'pid');
  const worker = entry('worker.ts', `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); process.stdout.write('ready\\n'); setInterval(() => {}, 1000);`);
  const supervisor = entry(
    'supervisor.ts',
    `import { Child } from ${JSON.stringify(path.join(root, 'scripts/start/child.ts'))};
     await new Child({ name: 'worker', entry: [${JSON.stringify(worker)}], environment: {} }, { line: () => {} }).start();
     process.stdout.write('started\\n'); setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  const pid = Number(fs.readFileSync(pidFile, 'utf8'));
  assert.ok(isAlive(pid));
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid), 'the end of the worker');
});
