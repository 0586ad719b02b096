/**
 * A second web process of the running product, on the same database, made from a copy of its build out of which the
 * proxy was taken. It shows that no right rests on proxy.ts having run, as so often it did (CVE-2025-29927 and others).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { childEnvironment, scratchFolder, surroundings } from '#lib/env.ts';
import { eventually } from './testing.ts';

export interface WithoutProxy {
  origin: string;
  stop: () => Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');
const shared = ['app', 'lib', 'ingest', 'prisma', 'node_modules', 'next.config.js', 'tsconfig.json', 'package.json'];

export async function startWithoutProxy(): Promise<WithoutProxy> {
  const folder = fs.mkdtempSync(path.join(scratchFolder, 'attest-without-proxy-'));
  for (const name of shared) fs.symlinkSync(path.join(root, name), path.join(folder, name));
  fs.mkdirSync(path.join(folder, 'scripts'));
  fs.copyFileSync(path.join(root, 'scripts/web.ts'), path.join(folder, 'scripts/web.ts'));
  fs.cpSync(path.join(root, '.next'), path.join(folder, '.next'), { recursive: true, filter: (file) => !/[/\\]\.next[/\\](?:cache|dev)$/.test(file) });
  takeProxyOut(path.join(folder, '.next/server'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const given = surroundings();
  const child = spawn(path.join(root, 'node_modules/.bin/node'), [path.join(folder, 'scripts/web.ts')], {
    cwd: folder,
    env: childEnvironment({
      ...given, ATTEST_URL: origin, WEB_PORT: String(port), WEB_HOST: '127.0.0.1', NODE_ENV: 'production', LOG_LEVEL: 'silent', AUTH_SECRET: 'x'.repeat(32),
      DATABASE_URL: given['ATTEST_TEST_DATABASE_URL'], DATA_DIR: given['ATTEST_TEST_DATA_DIR'], MODELS_URL: given['ATTEST_TEST_MODELS_URL'], MODELS_KEY: given['ATTEST_TEST_MODELS_KEY'],
    }),
    stdio: 'inherit',
  });
  await eventually(async () => {
    if (!(await fetch(`${origin}/api/health`)).ok) throw new Error('The second web process does not serve yet.');
  });
  return {
    origin,
    async stop() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Next knows of the proxy from this list alone. */
function takeProxyOut(server: string): void {
  const file = path.join(server, 'functions-config-manifest.json');
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { functions: Record<string, unknown> };
  if (manifest.functions['/_middleware'] === undefined) throw new Error('The build says nowhere that it has a proxy.');
  delete manifest.functions['/_middleware'];
  fs.writeFileSync(file, JSON.stringify(manifest));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
