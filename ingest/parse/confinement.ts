/**
 * The command that starts a parsing child with as few rights as this machine can arrange: Node's permission model
 * everywhere, resource limits and an empty network namespace on Linux. What is missing is left out, not an error.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { limits as standard, type Limits } from '#ingest/limits.ts';

const root = path.resolve(import.meta.dirname, '../..');
const programFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

export interface Confinement {
  /** Program and leading arguments before Node's own. */
  wrapper: string[];
  /** What holds, in words, for the log. */
  measures: string[];
}

let known: Promise<Confinement> | undefined;

/** What this machine offers; looked up once. */
export function findConfinement(): Promise<Confinement> {
  known ??= probe();
  return known;
}

export interface Confined {
  format: string;
  /** How long the child may take. */
  wallMs: number;
  limits: Limits;
}

/** Program and arguments for one child. */
export function confinedCommand(confinement: Confinement, { format, wallMs, limits }: Confined): { program: string; parameters: string[] } {
  // Twice the wall clock, for garbage collection on other threads: ends a child whose parent was killed.
  const cpuSeconds = Math.ceil((wallMs / 1000) * 2);
  const wrapper = confinement.wrapper.map((part) => part.replace('{cpuSeconds}', String(cpuSeconds)));
  const node = [
    process.execPath,
    `--max-old-space-size=${limits.childHeapMebibytesMax}`,
    '--permission',
    // Program files only: neither the data folder nor the configuration, which stand beside them.
    ...['node_modules/*', 'ingest/*', 'lib/*', 'package.json'].map((entry) => `--allow-fs-read=${path.join(root, entry)}`),
    path.join(import.meta.dirname, 'child.ts'),
    format,
  ];
  const [program = process.execPath, ...parameters] = [...wrapper, ...node];
  return { program, parameters };
}

async function probe(): Promise<Confinement> {
  const measures = ['file permissions'];
  const wrapper: string[] = [];
  const prlimit = process.platform === 'linux' ? findProgram('prlimit') : undefined;
  if (prlimit && (await succeeds(prlimit, ['--nofile=64', '--', '/bin/true']))) {
    wrapper.push(prlimit, `--data=${standard.childDataBytesMax}`, '--cpu={cpuSeconds}', `--nofile=${standard.childOpenFilesMax}`, `--fsize=${standard.childFileBytesMax}`, '--core=0', '--');
    measures.push('resource limits');
  }
  const unshare = process.platform === 'linux' ? findProgram('unshare') : undefined;
  for (const flags of [['-n'], ['-r', '-n']]) {
    if (!unshare || !(await succeeds(unshare, [...flags, '--', '/bin/true']))) continue;
    wrapper.push(unshare, ...flags, '--');
    measures.push('no network');
    break;
  }
  return { wrapper, measures };
}

function findProgram(name: string): string | undefined {
  return programFolders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

async function succeeds(program: string, parameters: string[]): Promise<boolean> {
  return promisify(execFile)(program, parameters, { env: { NODE_ENV: 'production' }, timeout: 5000 }).then(() => true, () => false);
}
