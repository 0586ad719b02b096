/** Builds the pages for production when their sources changed since the last build, and only then. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { surroundings } from '#lib/env.ts';

export const root = path.resolve(import.meta.dirname, '../..');
const stampFile = path.join(root, '.next/attest-build.txt');
/** Next's own sign of a finished build; a build by hand takes it away while it runs. */
const buildIdFile = path.join(root, '.next/BUILD_ID');
const nextEntry = path.join(root, 'node_modules/next/dist/bin/next');
const sources = ['app', 'lib', 'public', 'proxy.ts', 'next.config.js', 'postcss.config.mjs', 'package-lock.json', 'tsconfig.json'];
const outputLinesShown = 40;

export function isBuildCurrent(stamp = hashSources()): boolean {
  return fs.existsSync(buildIdFile) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
}

/** Runs `next build` when needed. Throws with the end of its output when it fails. */
export async function buildWhenChanged(signal?: AbortSignal): Promise<void> {
  const stamp = hashSources();
  if (isBuildCurrent(stamp)) return;
  fs.rmSync(stampFile, { force: true });
  const child = spawn(process.execPath, [nextEntry, 'build'], {
    cwd: root,
    ...(signal ? { signal } : {}),
    env: { ...surroundings(), NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(child, 'exit');
  if (code !== 0 || !fs.existsSync(buildIdFile)) throw new Error(`The pages could not be built.\n${output.trim().split('\n').slice(-outputLinesShown).join('\n')}`);
  fs.writeFileSync(stampFile, stamp);
}

/** SHA-256 over names and contents of everything a build reads, tests left out. */
function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of listFiles(path.join(root, source))) {
      hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

function listFiles(entry: string): string[] {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [entry];
  return fs
    .readdirSync(entry, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/\.test\.tsx?$/.test(name))
    .map((name) => path.join(entry, name))
    .filter((file) => fs.statSync(file).isFile())
    .sort();
}
