import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grantedCores, grantedMemoryBytes, inferenceThreads, modelsProcessEnvironment, readCoreQuota, readMemoryLimit, teamThreads } from './cores.ts';

const from = (files: Record<string, string>) => (file: string) => files[file];

test('a version 2 quota of two cores grants two cores on a large machine', () => {
  const read = from({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '200000 100000\n' });
  assert.equal(grantedCores(read, 64), 2);
});

test('a version 2 limit of a parent group counts', () => {
  const read = from({
    '/proc/self/cgroup': '0::/system.slice/attest.service\n',
    '/sys/fs/cgroup/system.slice/attest.service/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
  });
  assert.equal(readCoreQuota(read), 3);
});

test('a version 1 quota is read below the cpu controller and its combined mount', () => {
  for (const mount of ['cpu', 'cpu,cpuacct']) {
    const read = from({
      '/proc/self/cgroup': '4:memory:/job\n1:cpu,cpuacct:/job\n0::/\n',
      [`/sys/fs/cgroup/${mount}/job/cpu.cfs_quota_us`]: '150000\n',
      [`/sys/fs/cgroup/${mount}/job/cpu.cfs_period_us`]: '100000\n',
    });
    assert.equal(grantedCores(read, 8), 1);
  }
});

test('a version 1 container that sees only the root of its mount still finds its quota', () => {
  const read = from({
    '/proc/self/cgroup': '1:cpu:/docker/abc\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
  });
  assert.equal(grantedCores(read, 16), 4);
});

test('without a quota the affinity counts', () => {
  assert.equal(grantedCores(from({ '/proc/self/cgroup': '1:cpu:/\n', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1' }), 6), 6);
  assert.equal(grantedCores(from({}), 6), 6);
  assert.equal(grantedCores(from({ '/sys/fs/cgroup/cpu.max': 'garbage' }), 6), 6);
});

test('less than one core still gives one thread', () => {
  assert.equal(grantedCores(from({ '/sys/fs/cgroup/cpu.max': '50000 100000' }), 8), 1);
});

test('the smallest memory limit above the process counts', () => {
  const read = from({
    '/proc/self/cgroup': '0::/a/b\n',
    '/sys/fs/cgroup/a/b/memory.max': 'max\n',
    '/sys/fs/cgroup/a/memory.max': '2147483648\n',
  });
  assert.equal(readMemoryLimit(read), 2 ** 31);
  assert.equal(grantedMemoryBytes(read, 2 ** 34), 2 ** 31);
  assert.equal(readMemoryLimit(from({})), Infinity);
  assert.equal(readMemoryLimit(from({ '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1073741824' })), 2 ** 30);
});

test('MODELS_THREADS lowers the thread count and never raises it', () => {
  assert.equal(inferenceThreads(undefined, 4), 4);
  assert.equal(inferenceThreads(2, 4), 2);
  assert.equal(inferenceThreads(32, 4), 4);
});

test('threads that wait for each other leave a core to others, unless told how many', () => {
  assert.deepEqual([1, 2, 8].map((cores) => teamThreads(undefined, cores)), [1, 1, 7]);
  assert.deepEqual([teamThreads(2, 2), teamThreads(4, 2)], [2, 2]);
});

test('the starter gets a thread pool larger than the cores', () => {
  assert.deepEqual(modelsProcessEnvironment(8), { UV_THREADPOOL_SIZE: '12' });
});
