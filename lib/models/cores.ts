/**
 * How many cores and how much memory this process was really granted, from the cgroup (v1 and v2).
 * llama.cpp's own default reads the machine, not the grant: in a container of two cores on a large host
 * its spinning threads then run 15 to 45 times slower. Knows nothing about models.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Reads one small file; undefined when it cannot be read. Tests give fixture text. */
export type ReadText = (file: string) => string | undefined;

const cgroupRoot = '/sys/fs/cgroup';

function readFromDisk(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Folders from a cgroup up to the root of its hierarchy: a limit anywhere above counts too. */
function upwards(root: string, group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '..');
  return parts.reduceRight<string[]>((folders, _part, index) => [...folders, path.join(root, ...parts.slice(0, index + 1))], []).concat(root);
}

type Groups = { unified: string; controllers: ReadonlyMap<string, string> };

function readGroups(read: ReadText): Groups {
  const controllers = new Map<string, string>();
  let unified = '/';
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, names, group] = line.split(':', 3);
    if (names === undefined || group === undefined) continue;
    if (names === '') unified = group;
    for (const name of names.split(',').filter(Boolean)) controllers.set(name, group);
  }
  return { unified, controllers };
}

function quotaVersion2(read: ReadText, group: string): number[] {
  return upwards(cgroupRoot, group).flatMap((folder) => {
    const [quota, period] = (read(path.join(folder, 'cpu.max')) ?? '').trim().split(/\s+/).map(Number);
    return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? [quota / period] : [];
  });
}

function quotaVersion1(read: ReadText, group: string): number[] {
  return ['cpu', 'cpu,cpuacct'].flatMap((mount) =>
    upwards(path.join(cgroupRoot, mount), group).flatMap((folder) => {
      const quota = Number(read(path.join(folder, 'cpu.cfs_quota_us')) ?? Number.NaN);
      const period = Number(read(path.join(folder, 'cpu.cfs_period_us')) ?? Number.NaN);
      return quota > 0 && period > 0 ? [quota / period] : [];
    }),
  );
}

/** Cores the cgroup quota allows, as a fraction; Infinity without a quota. */
export function readCoreQuota(read: ReadText = readFromDisk): number {
  const groups = readGroups(read);
  return Math.min(Infinity, ...quotaVersion2(read, groups.unified), ...quotaVersion1(read, groups.controllers.get('cpu') ?? '/'));
}

/** Bytes of memory the cgroup allows; Infinity without a limit. */
export function readMemoryLimit(read: ReadText = readFromDisk): number {
  const groups = readGroups(read);
  const version2 = upwards(cgroupRoot, groups.unified).map((folder) => read(path.join(folder, 'memory.max')));
  const version1 = upwards(path.join(cgroupRoot, 'memory'), groups.controllers.get('memory') ?? '/')
    .map((folder) => read(path.join(folder, 'memory.limit_in_bytes')));
  const limits = [...version2, ...version1].map((text) => Number(text?.trim() || Number.NaN)).filter((bytes) => bytes > 0);
  return Math.min(Infinity, ...limits);
}

/** Whole cores this process may keep busy: quota and affinity, at least one. Half a core counts as none of it. */
export function grantedCores(read: ReadText = readFromDisk, affinity = os.availableParallelism()): number {
  return Math.max(1, Math.min(affinity, Math.floor(readCoreQuota(read))));
}

/** Bytes of memory this process may use. */
export function grantedMemoryBytes(read: ReadText = readFromDisk, total = os.totalmem()): number {
  return Math.min(total, readMemoryLimit(read));
}

/** Threads for inference: never more than the cores granted, nor than MODELS_THREADS. */
export function inferenceThreads(wanted: number | undefined, cores = grantedCores()): number {
  return Math.max(1, Math.min(cores, wanted ?? cores));
}

/**
 * Threads that work on one step of one context together. They wait for each other by spinning, dozens of times a step, so one
 * of them without a core stops them all: on two cores with other work, two threads wrote 3 to 23 tokens a second where
 * one wrote 28 to 49. Unless MODELS_THREADS says otherwise, one core is therefore left to the rest of the machine.
 */
export function teamThreads(wanted: number | undefined, cores = grantedCores()): number {
  return wanted === undefined ? Math.max(1, cores - 1) : inferenceThreads(wanted, cores);
}

/**
 * Variables the starter of the models process must set, because libuv reads them before any of our code runs:
 * every context decodes and samples on libuv's threads, whose default of four is shared with files and names.
 */
export function modelsProcessEnvironment(cores = grantedCores()): Readonly<Record<string, string>> {
  return { UV_THREADPOOL_SIZE: String(cores + 4) };
}
