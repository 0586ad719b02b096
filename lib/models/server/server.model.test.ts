import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addModel, makeModelsDir, startModelsProcess, testModelFiles, type ModelsProcess } from '../testing.ts';
import type { ModelsStatus } from '../types.ts';
import { encodeGguf, tinyAnswer, tinyEmbedder, tinyGenerator } from '../testing-gguf.ts';

const real = testModelFiles();
let folder: string;
let models: ModelsProcess;

before(async () => {
  folder = await makeModelsDir();
  models = await startModelsProcess({ modelsDir: folder, ready: ['generator', 'embedder'] });
});
after(async () => {
  assert.equal(await models.stop(), 0, 'SIGTERM ends the process with code 0');
  await rm(folder, { recursive: true });
});

type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number; prompt_tokens_details: { cached_tokens: number } };
/** Every field that any answer or event has; a test reads those of the address it called. */
type Json = {
  choices: [{ delta: { role?: string; content?: string }; message: { content: string }; finish_reason: string | null }];
  usage: Usage;
  model: string;
  system_fingerprint: string;
  attest: { seed: number; temperature: number };
  data: { index: number; embedding: number[]; file: string; state: string; fits: string[]; problem: string | null }[];
  truncated: number[];
  results: { index: number; relevance_score: number }[];
  roles: ModelsStatus['roles'];
  error: { code: string; message: string; index?: number };
};
type Wire = { status: number; headers: Headers; json: Json };

/** `name` is method and address. */
async function call(name: string, body?: unknown, key = models.key): Promise<Wire> {
  const [method = 'GET', address] = name.split(' ');
  const response = await fetch(`${models.url}${address}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Json };
}

const ask = (text: string, fields: object = {}) => ({ model: 'generator', messages: [{ role: 'user', content: text }], temperature: 0, max_tokens: 40, ...fields });
const chat = (body: object) => call('POST /v1/chat/completions', body);
const textOf = (wire: Wire): string => wire.json.choices[0].message.content;
const choose = (role: string, file: string | null) => call('PUT /v1/attest/roles', { role, file });

/** The events of a stream as they arrive. */
async function* stream(body: object, signal?: AbortSignal): AsyncGenerator<Json | 'done'> {
  const response = await fetch(`${models.url}/v1/chat/completions`, {
    method: 'POST', headers: { authorization: `Bearer ${models.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }), ...(signal === undefined ? {} : { signal }),
  });
  assert.equal(response.status, 200, await (response.ok ? '' : response.text()));
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  let rest = '';
  for await (const piece of response.body ?? []) {
    rest += Buffer.from(piece).toString('utf8');
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: {')) yield JSON.parse(event.slice(6)) as Json;
    if (events.includes('data: [DONE]')) yield 'done';
  }
}

/** The events of a whole stream; it must end with [DONE]. */
async function collect(events: AsyncIterable<Json | 'done'>): Promise<Json[]> {
  const all = [];
  for await (const event of events) all.push(event);
  assert.equal(all.pop(), 'done');
  return all.filter((event): event is Json => typeof event !== 'string');
}

test('an answer is streamed in pieces, then its end, its usage and [DONE]', async () => {
  const pieces = await collect(stream(ask('Once upon a time', { stream_options: { include_usage: true } })));
  const text = pieces.map((piece) => piece.choices[0]?.delta.content ?? '').join('');
  const finish = pieces.at(-2)?.choices[0].finish_reason ?? '';
  const usage = pieces.at(-1)?.usage;
  assert.equal(pieces[0]?.choices[0].delta.role, 'assistant');
  assert.ok(pieces.length > 10 && text.length > 20);
  if (real.generator === undefined) assert.equal(text, tinyAnswer);
  assert.ok(['stop', 'length'].includes(finish) && usage !== undefined && usage.completion_tokens > 5 && usage.completion_tokens <= 40 && usage.prompt_tokens > 5);
  const status = await models.status();
  assert.ok(pieces.every((piece) => piece.system_fingerprint === `sha256:${status.roles.generator.sha256}` && piece.attest.temperature === 0));
  assert.equal(textOf(await chat(ask('Once upon a time'))), text, 'whole and streamed agree');
});

test('a model without a chat template answers a system message, a history and a question', async () => {
  const messages = [
    { role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Hello' }, { role: 'assistant', content: 'Hello to you' },
    { role: 'user', content: [{ type: 'text', text: 'Tell a story' }] },
  ];
  const answer = await chat({ model: 'generator', messages, temperature: 0, max_tokens: 20 });
  assert.equal(answer.status, 200);
  assert.ok(textOf(answer).length > 10);
});

test('the same seed gives the same words, another seed other words', { skip: real.generator === undefined && 'needs ATTEST_TEST_GENERATOR: the tiny model knows one sentence' }, async () => {
  const tell = (seed: number) => chat(ask('Once upon a time', { seed, temperature: 1.2 }));
  const [one, same, other] = await Promise.all([tell(7), tell(7), tell(8)]);
  assert.equal(textOf(one), textOf(same));
  assert.notEqual(textOf(one), textOf(other));
  assert.deepEqual(other.json.attest, { seed: 8, temperature: 1.2 });
});

test('a stop string ends the answer and is not part of it', async () => {
  const whole = textOf(await chat(ask('Once upon a time')));
  const stop = whole.slice(12, 17);
  const cut = await chat(ask('Once upon a time', { stop: [stop] }));
  assert.equal(textOf(cut), whole.slice(0, whole.indexOf(stop)));
  assert.equal(cut.json.choices[0].finish_reason, 'stop');
});

test('max_tokens ends the answer with length', async () => {
  const answer = await chat(ask('Once upon a time', { max_tokens: 5 }));
  assert.equal(answer.json.choices[0].finish_reason, 'length');
  assert.equal(answer.json.usage.completion_tokens, 5);
});

test('eight chats at once all answer', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => chat(ask(`Tell me a story about number ${index}`))));
  assert.ok(answers.every((answer) => answer.status === 200 && textOf(answer).length > 20));
  assert.deepEqual((await models.status()).roles.generator.load, { active: 0, waiting: 0, waitingMax: 32 });
});

test('a sequence used for another conversation before gives the same answer as a fresh one', async () => {
  const question = ask('The dog was');
  const fresh = textOf(await chat(question));
  await Promise.all(Array.from({ length: 6 }, (_, index) => chat(ask(`Something else entirely, number ${index}. `.repeat(6)))));
  assert.equal(textOf(await chat(question)), fresh);
});

test('a prompt that begins like the last one is not read again', async () => {
  const beginning = 'One day a girl named Lily went to the park with her dog. '.repeat(5);
  await chat(ask(`${beginning}What then?`));
  const { usage } = (await chat(ask(`${beginning}Who was it?`))).json;
  assert.ok(usage.prompt_tokens_details.cached_tokens > usage.prompt_tokens * 0.7, JSON.stringify(usage));
});

test('a conversation longer than the context is refused with the numbers, not cut', async () => {
  const answer = await chat(ask('Once upon a time '.repeat(2000)));
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error.code, 'context-exceeded');
  assert.match(answer.json.error.message, /takes \d+ tokens/);
});

test('without max_tokens an answer ends at the context at the latest', async () => {
  await addModel(folder, 'endless.gguf', tinyGenerator({ endless: true, contextTokens: 256 }));
  assert.equal((await choose('generator', 'endless.gguf')).status, 200);
  const { json } = await chat({ ...ask('Go on'), max_tokens: undefined });
  assert.equal(json.choices[0].finish_reason, 'length');
  assert.ok(json.usage.total_tokens > 240 && json.usage.total_tokens <= 256);
});

test('a client that goes away frees its sequence at once', async () => {
  await addModel(folder, 'long.gguf', tinyGenerator({ endless: true, contextTokens: 8192, name: 'long' }));
  assert.equal((await choose('generator', 'long.gguf')).status, 200);
  const controllers = Array.from({ length: 6 }, () => new AbortController());
  const running = controllers.map(async ({ signal }) => {
    for await (const _event of stream(ask('Go on', { max_tokens: 8000 }), signal)) continue;
  });
  await models.waitFor(({ roles }) => roles.generator.load?.active === 4 && roles.generator.load.waiting === 2);
  const startedMs = performance.now();
  for (const controller of controllers) controller.abort();
  assert.deepEqual((await Promise.allSettled(running)).map((one) => one.status), Array(6).fill('rejected'));
  await models.waitFor(({ roles }) => roles.generator.load?.active === 0 && roles.generator.load.waiting === 0, 2000);
  assert.ok(performance.now() - startedMs < 1500, 'freed within 1.5 s');
});

test('beyond the queue a question is refused with 503, a code and Retry-After, and the others answer', async () => {
  const answers = await Promise.all(Array.from({ length: 4 + 32 + 8 }, () => chat(ask('Go on', { max_tokens: 150 }))));
  const refused = answers.filter((answer) => answer.status === 503);
  assert.equal(refused.length, 8);
  assert.ok(refused.every((answer) => answer.json.error.code === 'model-busy' && answer.headers.get('retry-after') === '5'));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 36);
});

test('another file takes over a role while an answer of the old one runs to its end', async () => {
  const events = stream(ask('Go on', { max_tokens: 3000 }));
  const first: unknown = (await events.next()).value;
  assert.ok(first !== null && typeof first === 'object' && 'system_fingerprint' in first);
  const switched = await choose('generator', 'test-generator.gguf');
  assert.equal(switched.status, 200);
  assert.deepEqual([switched.json.roles.generator.model, switched.json.roles.generator.chosen], ['test-generator', true]);
  const other = await chat(ask('Once upon a time'));
  assert.equal(other.json.model, 'test-generator');
  const rest = await collect(events);
  assert.ok(rest.length > 2900, `the old answer went on for ${rest.length} events`);
  assert.ok(rest.every((event) => event.system_fingerprint === first.system_fingerprint && event.model === 'long'));
  assert.equal((await chat(ask('Go on', { model: 'long' }))).json.error.code, 'model-unavailable');
});

test('a role can be left empty and filled again', async () => {
  assert.equal((await choose('generator', null)).json.roles.generator.state, 'none');
  const none = await chat(ask('Hello'));
  assert.deepEqual([none.status, none.json.error.code], [503, 'model-unavailable']);
  assert.equal((await choose('generator', 'test-generator.gguf')).json.roles.generator.state, 'ready');
});

test('vectors have length 1, keep their order and come as numbers or base64', async () => {
  const input = ['Hello world', 'How do I reset my password?', 'The cat sat on the mat'];
  const floats = (await call('POST /v1/embeddings', { model: 'embedder', input })).json;
  const coded = (await call('POST /v1/embeddings', { model: 'test-embedder', input, encoding_format: 'base64' })).json;
  floats.data.forEach(({ embedding, index }, position) => {
    const bytes = Buffer.from(String(coded.data[position]?.embedding), 'base64');
    assert.equal(index, position);
    assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
    assert.deepEqual(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), Float32Array.from(embedding));
  });
  const alone = (await call('POST /v1/embeddings', { model: 'embedder', input: input[1] })).json;
  assert.deepEqual(alone.data[0]?.embedding, floats.data[1]?.embedding);
});

test('the real embedder gives the numbers published with it', { skip: real.embedder === undefined && 'needs ATTEST_TEST_EMBEDDER' }, async () => {
  const input = ['Hello world', 'How do I reset my password?', 'Steps to change a forgotten login password', 'The cat sat on the mat', 'Quarterly revenue grew by 12 percent'];
  const { data } = (await call('POST /v1/embeddings', { model: 'embedder', input })).json;
  const vector = (place: number) => data[place]?.embedding ?? [];
  const cosine = (a: number, b: number) => vector(a).reduce((sum, value, index) => sum + value * (vector(b)[index] ?? 0), 0);
  assert.deepEqual(vector(0).slice(0, 4).map((value) => value.toFixed(4)), ['-0.0626', '-0.1488', '-0.2696', '0.1609']);
  assert.deepEqual([cosine(1, 2), cosine(1, 3), cosine(1, 4)].map((value) => value.toFixed(4)), ['0.7322', '0.0861', '-0.0918']);
});

test('a text beyond the context is refused, or cut and reported when asked', async () => {
  const long = 'password '.repeat(900);
  const refused = await call('POST /v1/embeddings', { model: 'embedder', input: ['short', long] });
  assert.deepEqual([refused.status, refused.json.error.code, refused.json.error.index], [400, 'context-exceeded', 1]);
  const cut = (await call('POST /v1/embeddings', { model: 'embedder', input: ['short', long], truncate: true })).json;
  assert.deepEqual(cut.truncated, [1]);
  assert.equal(cut.data.length, 2);
});

test('a reranker that arrives is taken into use without a restart', async () => {
  const before = await call('POST /v1/rerank', { query: 'password', documents: ['a'] });
  assert.deepEqual([before.status, before.json.error.code], [503, 'model-unavailable']);
  await writeFile(path.join(folder, 'ranker.gguf.part'), tinyEmbedder({ ranks: true }));
  await sleep(2500);
  assert.ok(!(await models.status()).models.some((model) => model.file.includes('ranker')), 'a part is not looked at');
  await addModel(folder, 'ranker.gguf', tinyEmbedder({ ranks: true }));
  await models.waitFor(({ roles }) => roles.reranker.state === 'ready');
  const documents = ['reset the password', 'the cat sat on the mat', { text: 'password '.repeat(2000) }];
  const ranked = await call('POST /v1/rerank', { query: 'password', documents, return_documents: true });
  const scores = ranked.json.results.map((result) => result.relevance_score);
  assert.deepEqual(ranked.json.results.map((result) => result.index).sort(), [0, 1, 2]);
  assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
  assert.equal((await call('POST /v1/rerank', { query: 'x', documents, top_n: 1 })).json.results.length, 1);
});

test('damaged and wrong files are refused in a sentence, and the process goes on', async () => {
  const whole = await readFile(path.join(folder, 'test-generator.gguf'));
  await addModel(folder, 'half.gguf', whole.subarray(0, whole.length / 2));
  await addModel(folder, 'stub.gguf', whole.subarray(0, 300));
  await addModel(folder, 'text.gguf', Buffer.from('This is a letter, not a model.'));
  await addModel(folder, 'empty.gguf', Buffer.alloc(0));
  await addModel(folder, 'vocabulary.gguf', real.vocabulary ?? encodeGguf({ values: { 'general.architecture': 'bert', 'tokenizer.ggml.tokens': ['a'] }, tensors: [] }));
  const expected = { half: 'model-file-invalid', stub: 'model-file-invalid', text: 'model-file-invalid', empty: 'model-file-invalid', vocabulary: 'model-unsuitable' };
  for (const [name, code] of Object.entries(expected)) {
    const answer = await choose('generator', `${name}.gguf`);
    assert.deepEqual([answer.status, answer.json.error.code], [422, code], name);
    assert.match(answer.json.error.message, /^[A-Z].*\.$/);
  }
  const listed = (await call('GET /v1/models')).json.data;
  const half = listed.find((model) => model.file === 'half.gguf');
  assert.deepEqual([half?.state, half?.fits], ['failed', []]);
  assert.match(half?.problem ?? '', /ends early/);
  assert.deepEqual((await choose('embedder', 'test-generator.gguf')).json.error.code, 'model-unsuitable');
  assert.deepEqual((await choose('generator', '../secret.gguf')).status, 404);
  assert.equal((await models.status()).roles.generator.model, 'test-generator', 'who served before goes on serving');
  assert.equal((await chat(ask('Hello'))).status, 200);
});

test('files whose header is in order and whose numbers are not are tried in a child, and never end the process', async () => {
  const seed = 20261;
  const bytes = tinyGenerator({ name: 'mutant' });
  const places = ['llama.block_count', 'llama.attention.head_count', 'llama.embedding_length', 'llama.rope.dimension_count', 'tokenizer.ggml.bos_token_id', 'llama.context_length'];
  for (const [index, key] of places.entries()) {
    const mutant = Buffer.from(bytes);
    mutant.writeUInt32LE((seed * (index + 3)) % 99_991, mutant.indexOf(key) + Buffer.byteLength(key) + 4);
    await addModel(folder, `mutant-${index}.gguf`, mutant);
    const answer = await choose('generator', `mutant-${index}.gguf`);
    assert.ok([200, 422].includes(answer.status), `${key}: ${JSON.stringify(answer.json)}`);
    assert.equal((await fetch(`${models.url}/health`)).status, 200);
  }
  assert.equal((await choose('generator', 'test-generator.gguf')).status, 200);
  assert.equal((await chat(ask('Hello'))).status, 200);
});

test('a chosen file that changes afterwards is not used until it is chosen again', async () => {
  await addModel(folder, 'own.gguf', tinyGenerator({ name: 'own' }));
  assert.equal((await choose('generator', 'own.gguf')).status, 200);
  await addModel(folder, 'own.gguf', tinyGenerator({ name: 'own, retrained' }));
  const status = await models.waitFor(({ roles }) => roles.generator.state === 'failed');
  assert.match(status.roles.generator.problem ?? '', /changed since it was chosen/);
  assert.equal((await choose('generator', 'own.gguf')).json.roles.generator.state, 'ready');
});

test('a role goes back to being picked automatically, for good, and no longer trusts what only the choice had made trusted', async () => {
  await choose('generator', null);
  const kept = async (): Promise<unknown> => JSON.parse(await readFile(path.join(folder, 'roles.json'), 'utf8')).generator;
  assert.deepEqual(await kept(), { file: null, sha256: null, chosen: true });
  const { status, json } = await call('PUT /v1/attest/roles', { role: 'generator', automatic: true });
  const { state, chosen, file } = json.roles.generator;
  assert.deepEqual([status, state, chosen], [200, 'ready', false]);
  assert.deepEqual(await kept(), { file, sha256: json.roles.generator.sha256, chosen: false });
  // The same file, chosen and let go of again: it is loaded anew each time, with and without its own template.
  const loads = (): number => models.log().split('"model ready"').length;
  const before = loads();
  assert.equal((await choose('generator', file)).json.roles.generator.chosen, true);
  assert.equal(loads(), before + 1);
  const back = await call('PUT /v1/attest/roles', { role: 'generator', automatic: true });
  assert.deepEqual([back.json.roles.generator.chosen, back.json.roles.generator.file, loads()], [false, file, before + 2]);
  for (const body of [{ role: 'generator' }, { role: 'generator', file: null, automatic: true }, { role: 'generator', automatic: false }]) {
    assert.equal((await call('PUT /v1/attest/roles', body)).json.error.code, 'invalid-input');
  }
});

test('requests without the key, with unreadable or wrong bodies get a code each', async () => {
  const wrong: [name: string, body: unknown, status: number, code: string][] = [
    ['POST /v1/chat/completions', '{"model":', 400, 'malformed-request'],
    ['POST /v1/chat/completions', {}, 400, 'invalid-input'],
    ['POST /v1/chat/completions', ask('nul \u0000'), 400, 'invalid-input'],
    ['POST /v1/chat/completions', ask('x', { n: 2 }), 400, 'invalid-input'],
    ['POST /v1/chat/completions', ask('x', { temperature: 9 }), 400, 'invalid-input'],
    ['POST /v1/chat/completions', ask('x'.repeat(5 * 2 ** 20)), 413, 'body-too-large'],
    ['POST /v1/embeddings', { model: 'embedder', input: '' }, 400, 'invalid-input'],
    ['POST /v1/embeddings', { model: 'embedder', input: ['a', 'b\u0000'] }, 400, 'invalid-input'],
    ['POST /v1/embeddings', { model: 'text-embedding-3-small', input: 'x' }, 503, 'model-unavailable'],
    ['PUT /v1/attest/roles', { role: 'king', file: null }, 400, 'invalid-input'],
    ['GET /v1/nothing', undefined, 404, 'not-found'],
    ['GET /v1/embeddings', undefined, 405, 'method-not-allowed'],
    ['GET /constructor', undefined, 404, 'not-found'],
  ];
  for (const [name, body, status, code] of wrong) {
    const answer = await call(name, body);
    assert.deepEqual([answer.status, answer.json.error.code], [status, code], `${name} ${JSON.stringify(body)?.slice(0, 60)}`);
  }
  for (const address of ['/v1/models', '/v1/attest/status']) assert.equal((await call(`GET ${address}`, undefined, 'wrong')).status, 401);
  const form = await fetch(`${models.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${models.key}` }, body: JSON.stringify(ask('x')) });
  assert.equal(form.status, 400, 'text/plain, which any web page may send, is not read');
});

test('nothing of questions, answers or texts is in the log', () => {
  assert.doesNotMatch(models.log(), /Once upon|password|Lily|Go on/);
});
