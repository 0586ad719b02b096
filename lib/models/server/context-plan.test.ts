import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planEncoder, planGenerator } from './context-plan.ts';

const gibibyte = 2 ** 30;
// Qwen3 1.7B: 28 layers, 8 key heads of 128, 16 bits.
const qwen = { contextTokens: 32768, cacheBytesPerToken: 114_688, parameters: 1.7e9 };

test('a large machine gets full context and four sequences', () => {
  assert.deepEqual(planGenerator(qwen, { memoryBytes: 24 * gibibyte, teamThreads: 2, gpu: false }), { sequences: 4, contextTokens: 8192, batchTokens: 256, threads: 2 });
});

test('a small machine gives up sequences before context, and stays in its share of memory', () => {
  for (const memory of [1, 2, 4, 8, 16]) {
    const plan = planGenerator(qwen, { memoryBytes: memory * gibibyte, teamThreads: 2, gpu: false });
    assert.ok(plan.sequences >= 1 && plan.contextTokens >= 2048);
    if (plan.sequences > 1) assert.ok(plan.sequences * plan.contextTokens * qwen.cacheBytesPerToken <= (memory * gibibyte) / 4);
  }
});

test('a model is never given more context than it was trained for', () => {
  const plan = planGenerator({ contextTokens: 512, cacheBytesPerToken: 640, parameters: 292_800 }, { memoryBytes: gibibyte, teamThreads: 8, gpu: false });
  assert.equal(plan.contextTokens, 512);
});

test('a tiny model runs on one thread', () => {
  assert.equal(planGenerator({ ...qwen, parameters: 292_800 }, { memoryBytes: gibibyte, teamThreads: 8, gpu: false }).threads, 1);
  assert.equal(planGenerator({ ...qwen, parameters: null }, { memoryBytes: gibibyte, teamThreads: 8, gpu: false }).threads, 8);
});

test('an encoder gets a context for each thread and a batch that holds a whole text', () => {
  assert.deepEqual(planEncoder({ contextTokens: 512 }, { threads: 3, gpu: false }), { sequences: 3, contextTokens: 512, batchTokens: 512, threads: 1 });
});
