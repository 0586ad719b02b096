import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { isProblem } from '#lib/errors.ts';
import { readGgufHeader } from './gguf.ts';
import { readFacts } from './model-facts.ts';
import { encodeGguf, tinyEmbedder, tinyGenerator } from './testing-gguf.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'attest-gguf-'));
});
after(() => rm(folder, { recursive: true }));

async function read(bytes: Buffer) {
  const file = path.join(folder, 'model.gguf');
  await writeFile(file, bytes);
  return readGgufHeader(file);
}

const facts = async (bytes: Buffer) => readFacts(await read(bytes));
const weights = { name: 'token_embd.weight', shape: [2, 32], data: new Float32Array(64) };

test('a generator, an embedder and a reranker are told apart by their headers', async () => {
  const generator = await facts(tinyGenerator({ contextTokens: 777, chatTemplate: '{{ messages }}' }));
  assert.deepEqual([generator.fits, generator.architecture, generator.contextTokens, generator.quantisation, generator.licence, generator.hasChatTemplate], [['generator'], 'llama', 777, 'F32', 'mit', true]);
  assert.equal(generator.cacheBytesPerToken, 1 * 2 * (32 + 32) * 2);
  assert.deepEqual((await facts(tinyEmbedder())).fits, ['embedder']);
  assert.deepEqual((await facts(tinyEmbedder({ ranks: true }))).fits, ['reranker']);
});

test('a decoder with a pooling type is an embedder', async () => {
  const values = { 'general.architecture': 'qwen3', 'qwen3.pooling_type': 3, 'tokenizer.ggml.tokens': ['a'] };
  assert.deepEqual((await facts(encodeGguf({ values, tensors: [weights] }))).fits, ['embedder']);
});

test('files that are no model are named for what they are', async () => {
  const about = async (values: Record<string, string | number | readonly string[]>, tensors = [weights]) => (await facts(encodeGguf({ values, tensors }))).problem;
  const base = { 'general.architecture': 'llama', 'tokenizer.ggml.tokens': ['a'] };
  assert.match(String(await about(base, [])), /vocabulary and no weights/);
  assert.match(String(await about({ ...base, 'general.type': 'adapter' })), /part to go with a model/);
  assert.match(String(await about({ ...base, 'split.count': 3 })), /split into several files/);
  assert.match(String(await about({ ...base, 'general.architecture': 'clip' })), /cannot be used here/);
  assert.match(String(await about({ 'general.architecture': 'llama' })), /no vocabulary/);
  assert.match(String(await about({})), /does not say which architecture/);
  assert.equal(await about(base), null);
});

test('a header larger than the first read is read whole', async () => {
  const tokens = Array.from({ length: 200_000 }, (_, index) => `token number ${index}`);
  const header = await read(encodeGguf({ values: { 'general.architecture': 'llama', 'tokenizer.ggml.tokens': tokens, 'general.name': 'after it' }, tensors: [weights] }));
  assert.equal(header.values.get('general.name'), 'after it');
});

test('a file cut anywhere is refused in a sentence', async () => {
  const whole = tinyGenerator();
  await read(whole);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 33 }), async (length) => {
      await assert.rejects(read(whole.subarray(0, length)), (error) => isProblem(error, 'model-file-invalid') && /^The model file cannot be used: .*\.$/.test(error.message));
    }),
    { numRuns: 60, verbose: 1 },
  );
});

test('a header with any byte changed is read or refused, and nothing else', async () => {
  const whole = tinyEmbedder();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }), async (changes) => {
      const mutant = Buffer.from(whole);
      for (const [place, byte] of changes) mutant[place] = byte;
      await facts(mutant).catch((error: unknown) => assert.ok(isProblem(error, 'model-file-invalid'), String(error)));
    }),
    { numRuns: 300, verbose: 1 },
  );
});

test('random bytes behind the right beginning are refused quickly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 300 }), async (noise) => {
      const start = Buffer.from([...Buffer.from('GGUF'), 3, 0, 0, 0]);
      await read(Buffer.concat([start, noise])).catch((error: unknown) => assert.ok(isProblem(error, 'model-file-invalid'), String(error)));
    }),
    { numRuns: 300, verbose: 1 },
  );
});
