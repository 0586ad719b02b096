/**
 * The HTTP side of the models process: addresses, key, body limits, errors. Hands parsed JSON on and knows nothing of models.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Problem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { toOpenAiError } from './openai-error.ts';

const log = logger('models-http');

export type Call = Readonly<{ body: unknown; signal: AbortSignal; response: ServerResponse }>;
export type Route = Readonly<{
  /** Largest body in bytes; 0 for requests without one. */
  bytesMax: number;
  /** Answers without a key. */
  open?: boolean;
  /** Gives the JSON to answer with, or undefined when it answered itself. */
  handle: (call: Call) => unknown;
}>;
/** `METHOD /path` -> route. */
export type Routes = Readonly<Record<string, Route>>;

export function createModelsServer(routes: Routes, key: string | undefined): Server {
  const server = createServer((request, response) => {
    void answer(request, response, { routes, key });
  });
  // Above the usual keep-alive of clients, so that it is they who close an idle connection and never meet a closing one.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 120_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, site: { routes: Routes; key: string | undefined }): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new DOMException('The client has gone.', 'AbortError')));
  response.on('error', () => gone.abort());
  const startedMs = performance.now();
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  try {
    const route = findRoute(site.routes, request.method ?? 'GET', path);
    if (!route.open) checkKey(request, site.key);
    const body = route.bytesMax > 0 ? await readBody(request, route.bytesMax) : undefined;
    const result = await route.handle({ body, signal: gone.signal, response });
    if (result !== undefined) send(response, { status: 200, headers: {}, body: result });
  } catch (error) {
    // Whoever has left is told nothing, and leaving is no failure of ours.
    if (gone.signal.aborted) return;
    if (!(error instanceof Problem)) log.error({ path, error }, 'request failed');
    if (response.headersSent) response.end();
    else send(response, toOpenAiError(error));
  } finally {
    log.debug({ path, status: response.statusCode, ms: Math.round(performance.now() - startedMs), aborted: gone.signal.aborted && !response.writableFinished });
  }
}

function findRoute(routes: Routes, method: string, path: string): Route {
  const route = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined;
  if (route !== undefined) return route;
  const others = Object.keys(routes).some((name) => name.endsWith(` ${path}`));
  throw new Problem(others ? 'method-not-allowed' : 'not-found', others ? {} : { detail: 'The models process has no such address.' });
}

function checkKey(request: IncomingMessage, key: string | undefined): void {
  if (key === undefined) return;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(key))) throw new Problem('sign-in-required', { detail: 'The key of the models process is missing or wrong.' });
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  // A page in a browser can send text anywhere, but JSON only where it is allowed to.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Problem('malformed-request', { detail: 'The body must be JSON (content-type: application/json).' });
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new Problem('body-too-large', { detail: `The request is larger than ${bytesMax.toLocaleString('en-US')} bytes.` });
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    throw new Problem('malformed-request', { detail: 'The body is not valid JSON.', cause: error });
  }
}

function send(response: ServerResponse, answer: { status: number; headers: Readonly<Record<string, string>>; body: unknown }): void {
  const bytes = Buffer.from(JSON.stringify(answer.body));
  // After a body that was too large the rest of it still arrives on this connection.
  const close = answer.status === 413 ? { connection: 'close' } : {};
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, ...close, ...answer.headers });
  response.end(bytes);
}
