import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { HumanMessage, SystemMessage, type AIMessageChunk } from '@langchain/core/messages';
import { overrideEnv } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { chatModel, clientLimits, embed, findReady, modelsStatus, rerank, setModelRole } from './client.ts';
import { addModel, makeModelsDir, startModelsProcess, type ModelsProcess } from './testing.ts';
import { tinyGenerator } from './testing-gguf.ts';

let folder: string;
let models: ModelsProcess;
const question = [new SystemMessage('Be kind.'), new HumanMessage('Once upon a time')];
const options = { temperature: 0, seed: 1, maxTokens: 40 };

const useOurs = () => overrideEnv({ MODELS_URL: models.url, MODELS_KEY: models.key, MODELS_EMBEDDER: '' });
const forget = () => new Promise((resolve) => setTimeout(resolve, clientLimits.statusMsMax + 50));

before(async () => {
  folder = await makeModelsDir(['generator', 'embedder', 'reranker']);
  await addModel(folder, 'long.gguf', tinyGenerator({ endless: true, contextTokens: 8192 }));
  models = await startModelsProcess({ modelsDir: folder, ready: ['generator', 'embedder', 'reranker'] });
  useOurs();
});
after(async () => {
  await models.stop();
  await rm(folder, { recursive: true });
});

test('the status tells which files serve, and is asked at most once a second', async () => {
  const first = modelsStatus();
  assert.equal(modelsStatus(), first);
  const status = await first;
  assert.ok(status.managed && status.models.length === 4);
  assert.equal((await findReady('generator'))?.sha256?.length, 64);
});

test('the chat model streams and ends with the real file and the real counts', async () => {
  const { chat, generator } = await chatModel(options);
  const pieces: AIMessageChunk[] = [];
  for await (const piece of await chat.stream(question)) pieces.push(piece);
  const whole = pieces.reduce((sum, piece) => sum.concat(piece));
  assert.ok(pieces.length > 5);
  assert.equal(whole.response_metadata.system_fingerprint, `sha256:${generator.sha256}`);
  const usage = whole.usage_metadata as { input_tokens: number; output_tokens: number } | undefined;
  assert.ok(usage !== undefined && usage.output_tokens > 5 && usage.input_tokens > 5);
  const { content } = await (await chatModel(options)).chat.invoke(question);
  assert.equal(content, whole.content);
});

test('tokens are never counted over the network', async () => {
  const { chat } = await chatModel(options);
  const before = globalThis.fetch;
  globalThis.fetch = () => assert.fail('a request left the process');
  try {
    assert.equal(await chat.getNumTokens('12345678'), 2);
    assert.equal((await chat.getNumTokensFromMessages(question)).totalCount, 6);
  } finally {
    globalThis.fetch = before;
  }
});

test('an aborted answer ends as an abort and frees the model', async () => {
  await setModelRole({ role: 'generator', file: 'long.gguf' });
  const controller = new AbortController();
  const { chat } = await chatModel({ ...options, maxTokens: 8000 });
  await assert.rejects(async () => {
    for await (const _piece of await chat.stream(question, { signal: controller.signal })) controller.abort();
  }, (error) => !isProblem(error, 'model-unavailable'));
  await models.waitFor(({ roles }) => roles.generator.load?.active === 0, 3000);
});

test('a full queue is model-busy, a too long conversation context-exceeded', async () => {
  const { chat } = await chatModel({ ...options, maxTokens: 100 });
  const results = await Promise.allSettled(Array.from({ length: 45 }, () => chat.invoke(question)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.ok(failures.length > 0 && failures.every((error) => isProblem(error, 'model-busy')), String(failures[0]));
  await assert.rejects(chat.invoke([new HumanMessage('word '.repeat(20_000))]), (error) => isProblem(error, 'context-exceeded') && /tokens/.test(error.message));
});

test('vectors come with the file that made them, in batches and in order', async () => {
  const texts = Array.from({ length: 150 }, (_, index) => `travel expense number ${index}`);
  const { vectors, embedder, truncatedCount } = await embed([...texts, 'word '.repeat(3000)], { kind: 'passage' });
  assert.deepEqual([vectors.length, vectors[0]?.length, truncatedCount], [151, embedder.dimensions, 1]);
  assert.deepEqual((await embed([texts[149] ?? ''], { kind: 'query' })).vectors[0], vectors[149]);
});

test('an embedding that is aborted ends its request', async () => {
  const { sha256 } = (await modelsStatus()).roles.embedder;
  let begun: () => void = () => {};
  let ended = false;
  const arrived = new Promise<void>((resolve) => (begun = resolve));
  // Tells the status and then never embeds.
  const { server, url } = await startForeign((send) => send(404, 'Not Found'), (response) => {
    response.on('close', () => (ended = true));
    begun();
  });
  overrideEnv({ MODELS_URL: url, MODELS_KEY: models.key, MODELS_EMBEDDER: 'test-embedder' });
  await forget();
  const controller = new AbortController();
  const embedding = embed(['hello'], { kind: 'query', signal: controller.signal });
  await arrived;
  controller.abort(new Error('asked no more'));
  await assert.rejects(embedding, /asked no more/);
  for (const end = Date.now() + 3000; !ended && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(ended, 'the request is still open');
  server.closeAllConnections();
  server.close();
  useOurs();
  await forget();
  assert.equal((await modelsStatus()).roles.embedder.sha256, sha256);
});

test('passages are ranked', async () => {
  const ranked = await rerank('password', ['reset the password', 'the cat sat on the mat', 'travel']);
  assert.deepEqual(ranked.map(({ index }) => index).sort(), [0, 1, 2]);
});

test('choosing a file that cannot serve says why and changes nothing', async () => {
  await assert.rejects(setModelRole({ role: 'embedder', file: 'long.gguf' }), (error) => isProblem(error, 'model-unsuitable') && /fits: generator/.test(error.message));
  await assert.rejects(setModelRole({ role: 'embedder', file: 'none.gguf' }), (error) => isProblem(error, 'not-found'));
  assert.equal((await modelsStatus()).roles.embedder.state, 'ready');
});

test('a role that nothing serves fails at once with the reason', async () => {
  await setModelRole({ role: 'reranker', file: null });
  await assert.rejects(rerank('x', ['y']), (error) => isProblem(error, 'model-unavailable') && /No model serves the role reranker/.test(error.message));
  assert.equal(await findReady('reranker'), null);
});

test('a wrong key and a server that is gone are model-unavailable in words', async () => {
  overrideEnv({ MODELS_URL: models.url, MODELS_KEY: 'wrong' });
  await forget();
  await assert.rejects(modelsStatus(), (error) => isProblem(error, 'model-unavailable') && /key/.test(error.message));
  overrideEnv({ MODELS_URL: 'http://127.0.0.1:9' });
  await forget();
  await assert.rejects(modelsStatus(), (error) => isProblem(error, 'model-unavailable'));
  await assert.rejects(chatModel(options), (error) => isProblem(error, 'model-unavailable'));
  await assert.rejects(embed(['x'], { kind: 'query' }), (error) => isProblem(error, 'model-unavailable'));
  assert.equal(await findReady('generator'), null);
  useOurs();
});

/** An OpenAI-compatible server that knows nothing of ours: the real models process with our addresses taken away. */
async function startForeign(
  unknown: (send: (status: number, body: string) => void) => void,
  onEmbeddings?: (response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const answerOne = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (onEmbeddings !== undefined && request.url === '/v1/embeddings') return onEmbeddings(response);
    if (request.url?.startsWith('/v1/attest')) return unknown((status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = request.method === 'POST' ? Buffer.concat(pieces).toString('utf8') : undefined;
    const answer = await fetch(models.url + request.url, {
      method: request.method ?? 'GET', headers: { authorization: `Bearer ${models.key}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => void answerOne(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

test('another OpenAI-compatible server serves too: its first model writes, the named one embeds', async () => {
  const unknowns = [[404, '{"error":{"code":404,"message":"File Not Found"}}'], [404, 'Not Found'], [200, '{"error":"Unexpected endpoint"}']] as const;
  await setModelRole({ role: 'generator', file: 'long.gguf' });
  for (const [status, body] of unknowns) {
    const { server, url } = await startForeign((send) => send(status, body));
    overrideEnv({ MODELS_URL: url, MODELS_KEY: 'theirs', MODELS_EMBEDDER: 'test-embedder' });
    await forget();
    const { managed, roles } = await modelsStatus();
    assert.deepEqual([managed, roles.generator.model, roles.generator.sha256, roles.embedder.model, roles.reranker.state], [false, 'long', null, 'test-embedder', 'none']);
    assert.ok(String((await (await chatModel(options)).chat.invoke(question)).content).length > 10);
    assert.equal((await embed(['hello'], { kind: 'query' })).vectors.length, 1);
    server.closeAllConnections();
    server.close();
  }
  useOurs();
});
