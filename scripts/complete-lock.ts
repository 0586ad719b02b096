/**
 * Completes package-lock.json after `npm install` (`npm run lock:complete`): a registry that does not carry the binary
 * packages of other platforms makes npm leave them out, and `npm ci` then refuses the lock file everywhere, on this
 * platform too. Their version, platform and processor stand in the name and in the package that asks for them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const entry = z.looseObject({ version: z.string().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() });
const lock = z.looseObject({ packages: z.record(z.string(), entry) });
export type Lock = z.infer<typeof lock>;
type Missing = { readonly name: string; readonly version: string };

export const lockFile = path.resolve(import.meta.dirname, '../package-lock.json');

const systems = { android: 'android', darwin: 'darwin', mac: 'darwin', linux: 'linux', freebsd: 'freebsd', win32: 'win32', win: 'win32' } as const;
const processors = { arm64: 'arm64', x64: 'x64', arm: 'arm', armv7l: 'arm', riscv64: 'riscv64', wasm32: 'wasm32', ia32: 'ia32' } as const;
const libraries = { gnu: 'glibc', musl: 'musl' } as const;

export function readLock(): Lock {
  return lock.parse(JSON.parse(fs.readFileSync(lockFile, 'utf8')));
}

/** Optional packages that some package of the lock asks for and that stand nowhere in it. */
export function findMissing({ packages }: Lock): Missing[] {
  const missing = new Map<string, Missing>();
  for (const [place, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!isReachable(packages, place, name)) missing.set(name, { name, version });
    }
  }
  return [...missing.values()];
}

/** Node's own look-up: the package's own folder, then each one around it. */
function isReachable(packages: Lock['packages'], place: string, name: string): boolean {
  const folders = place === '' ? [] : place.split(/(?:^|\/)node_modules\//).slice(1);
  const around = folders.map((_, depth) => `${folders.slice(0, depth + 1).map((folder) => `node_modules/${folder}`).join('/')}/node_modules/${name}`);
  return [...around, `node_modules/${name}`].some((candidate) => candidate in packages);
}

function describe({ name, version }: Missing): Record<string, unknown> {
  const words = name.split(/[-/]/);
  const find = <Value>(table: Record<string, Value>): Value[] => words.flatMap((word) => (Object.hasOwn(table, word) ? [table[word]] : [])).filter((value) => value !== undefined);
  const [os, cpu, libc] = [find(systems), find(processors), find(libraries)];
  if (os.length === 0 && cpu.length === 0) throw new Error(`${name} does not say in its name which platform it is for.`);
  if (!/^\d/.test(version)) throw new Error(`${name} is wanted as ${version}; only exact versions can be completed.`);
  return { version, ...(cpu.length > 0 ? { cpu } : {}), ...(os.includes('linux') && libc.length > 0 ? { libc } : {}), optional: true, ...(os.length > 0 ? { os } : {}) };
}

if (import.meta.main) {
  const found = readLock();
  const missing = findMissing(found);
  for (const item of missing) found.packages[`node_modules/${item.name}`] = describe(item);
  const [first, ...others] = Object.entries(found.packages);
  if (!first) throw new Error('package-lock.json names no package.');
  found.packages = Object.fromEntries([first, ...others.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  fs.writeFileSync(lockFile, `${JSON.stringify(found, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages of other platforms added to package-lock.json.\n`);
}
