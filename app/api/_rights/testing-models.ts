/**
 * A model server for tests of rights: it speaks what the models process speaks, so that search, reranking and answers
 * run whole, and keeps everything it was sent, which is how a test sees what reaches a model. A text that holds the
 * word of one document (testing-build.ts) is embedded exactly where that document is.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { overrideEnv } from '#lib/env.ts';

const dimensions = 64;
const sha256 = 'a'.repeat(64);
/** The row of embedding_models that documents of a test are stored under. */
export const testEmbedder = { name: 'test', sha256, dimensions };

const wordShape = /zq[0-9a-f]{12}n(\d+)z/;

/** Where a text stands: each document of a company on an axis of its own, any other text somewhere that is its own too. */
export function vectorOf(text: string): number[] {
  const number = wordShape.exec(text)?.[1];
  if (number === undefined) return [...createHash('sha512').update(text).digest()].map((byte) => byte / 128 - 1);
  return Array.from({ length: dimensions }, (_, axis) => (axis === Number(number) % dimensions ? 1 : 0.001));
}

export interface TestModels {
  /** Bodies of requests since the last call, by address. */
  takeReceived: () => { address: string; body: string }[];
  /** From now on every request but that for the status fails, with a message that repeats what was sent, as some servers do. */
  failWithEcho: (fails: boolean) => void;
  stop: () => Promise<void>;
}

const role = (name: string) => ({
  role: name, state: 'ready', model: 'test', file: 'test.gguf', sha256, name: 'test', chosen: false, contextTokens: 8192, dimensions, queryPrefix: '', passagePrefix: '', load: null, problem: null,
});
const status = { roles: { generator: role('generator'), embedder: role('embedder'), reranker: role('reranker') }, models: [], downloads: [], threads: 1, compute: 'cpu', managed: true };

/** Starts it and makes it the model server of this process. */
export async function startTestModels(): Promise<TestModels> {
  let received: { address: string; body: string }[] = [];
  let fails = false;
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      received.push({ address: request.url ?? '', body });
      if (fails && request.url !== '/v1/attest/status') response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: `cannot take ${body}`, code: 'x' } }));
      else reply(request.url ?? '', body, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  overrideEnv({ MODELS_URL: `http://127.0.0.1:${port}` });
  return {
    takeReceived() {
      const taken = received;
      received = [];
      return taken;
    },
    failWithEcho: (now) => void (fails = now),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece as string;
  return body;
}

const embeddingRequest = z.object({ input: z.union([z.string().transform((text) => [text]), z.array(z.string())]), encoding_format: z.string().optional() });
const rerankRequest = z.object({ query: z.string(), documents: z.array(z.string()) });

function reply(address: string, body: string, response: ServerResponse): void {
  const json = (value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (address === '/v1/attest/status') return json(status);
  if (address === '/v1/embeddings') {
    const { input, encoding_format: format } = embeddingRequest.parse(JSON.parse(body));
    const encode = (vector: number[]) => (format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector);
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: encode(vectorOf(text)) }));
    return json({ object: 'list', model: 'test', data, usage: { prompt_tokens: 1, total_tokens: 1 }, system_fingerprint: `sha256:${sha256}` });
  }
  if (address === '/v1/rerank') {
    const { query, documents } = rerankRequest.parse(JSON.parse(body));
    const word = wordShape.exec(query)?.[0] ?? '';
    const results = documents.map((text, index) => ({ index, relevance_score: word !== '' && text.includes(word) ? 0.9 : 0.3 - index / 1000 }));
    return json({ results: results.toSorted((left, right) => right.relevance_score - left.relevance_score) });
  }
  if (address === '/v1/chat/completions') return streamAnswer(response, body);
  response.writeHead(404).end('{}');
}

/** An answer that repeats nothing and cites every passage it was given. */
function streamAnswer(response: ServerResponse, prompt: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const cited = [...new Set([...prompt.matchAll(/<passage (\d+) /g)].map(([, number]) => `[${number}]`))].join('');
  const chunk = (delta: object, finish: string | null) => ({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'test', system_fingerprint: `sha256:${sha256}`, choices: [{ index: 0, delta, finish_reason: finish }] });
  for (const event of [chunk({ role: 'assistant', content: `The door code stands there ${cited}.` }, null), chunk({}, 'stop')]) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end('data: [DONE]\n\n');
}
