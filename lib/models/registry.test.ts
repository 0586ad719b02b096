import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseDefaults, findRegistered, registeredModels } from './registry.ts';

test('every default has a full hash, a size, a permissive licence and a path pinned to one revision', () => {
  for (const model of registeredModels) {
    assert.match(model.sha256, /^[0-9a-f]{64}$/);
    assert.match(model.hubPath, /^\/[\w.-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/[\w.-]+\.gguf$/);
    assert.ok(['Apache-2.0', 'MIT'].includes(model.licence) && model.bytes > 1e6 && model.hubPath.endsWith(`/${model.file}`));
  }
  for (const key of ['id', 'sha256', 'file'] as const) assert.equal(new Set(registeredModels.map((model) => model[key])).size, registeredModels.length);
});

test('every machine gets an embedder and one generator, larger ones a larger generator', () => {
  const pick = (cores: number, gibibytes: number) => chooseDefaults({ cores, memoryBytes: gibibytes * 2 ** 30 }).map((model) => model.id);
  assert.deepEqual(pick(2, 24), ['bge-small-en-v1.5-q8_0', 'Qwen3-0.6B-Q8_0']);
  assert.deepEqual(pick(8, 4), ['bge-small-en-v1.5-q8_0', 'Qwen3-0.6B-Q8_0']);
  assert.deepEqual(pick(4, 8), ['bge-small-en-v1.5-q8_0', 'Qwen3-1.7B-Q8_0']);
  assert.deepEqual(pick(16, 64), ['bge-small-en-v1.5-q8_0', 'Qwen3-4B-Q4_K_M', 'bge-reranker-v2-m3-Q8_0']);
});

test('a file is known by its bytes alone', () => {
  assert.equal(findRegistered(registeredModels[0]?.sha256 ?? '')?.id, registeredModels[0]?.id);
  assert.equal(findRegistered('00'), undefined);
  assert.equal(findRegistered(null), undefined);
});
