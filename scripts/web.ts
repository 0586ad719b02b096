/** The web process: Next.js in production on WEB_HOST:WEB_PORT. One process, so that it has one pool and one memory. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import next from 'next';
import { checkSignIn, checkWayIn } from '#lib/auth/check.ts';
import { checkRls } from '#lib/db/rls-lint.ts';
import { env } from '#lib/env.ts';
import { Problem } from '#lib/errors.ts';
import { failureAt } from '#lib/http/failure-forms.ts';
import { refuseMethod } from '#lib/http/methods.ts';
import { logger } from '#lib/log.ts';
import { onShutdown } from '#lib/shutdown.ts';

const log = logger('web');
/** Longer than the 60 s that reverse proxies commonly keep a connection, so that they never write into one we just closed. */
const keepAliveMs = 65_000;
/** Longest that a request may take to arrive: the largest upload over a slow line. Node's own limit is five minutes. */
const requestMsMax = 60 * 60_000;
/** A person's answer may still be streaming when we are asked to stop; after this it is cut off. */
const drainMs = 5000;
/** A sender who was answered before all was sent gets this long to read the answer; what still comes is thrown away. */
const lingerMs = 5000;
const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

const { WEB_PORT: port, WEB_HOST: hostname, DATABASE_URL: databaseUrl } = env();
try {
  checkSignIn();
  if (databaseUrl !== undefined) {
    await checkRls(databaseUrl);
    await checkWayIn();
  }
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'The web process did not start.');
  process.exit(1);
}
const app = next({ dev: false, dir: path.resolve(import.meta.dirname, '..'), hostname, port });
const handle = app.getRequestHandler();

await app.prepare().catch((error: unknown) => {
  log.fatal({ error }, error instanceof Error ? error.message : 'The web process did not start.');
  process.exit(1);
});
const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: requestMsMax }, (request, response) => {
  response.once('finish', () => hangUpLater(request));
  const problem = problemOf(request);
  if (problem !== undefined) return refuse(request, response, problem);
  handle(request, response).catch((error: unknown) => {
    log.error({ error }, 'a request failed');
    response.destroy();
  });
});
server.on('error', (error) => {
  log.fatal({ error }, `The web process cannot listen on ${hostname}:${port}.`);
  process.exit(1);
});
server.listen(port, hostname, () => log.info({ port }, 'web ready'));

/**
 * What Next would answer with 500, a path with bytes that are no text and methods that no request object may have, and
 * what it would answer without a body, a method that a route does not take.
 */
function problemOf({ url = '/', method = 'GET' }: IncomingMessage): Problem | undefined {
  if (!methods.has(method)) return new Problem('method-not-allowed');
  try {
    const path = url.split('?', 1)[0] ?? '';
    decodeURIComponent(path);
    return refuseMethod(method, path);
  } catch {
    return new Problem('malformed-request', { detail: 'The address holds characters that are not text.' });
  }
}

/** Ends the connection of a request that was answered and never finished: an upload that was refused. */
function hangUpLater(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
  request.once('close', () => clearTimeout(timer));
}

function refuse({ url = '/' }: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const told = failureAt(url.split('?', 1)[0] ?? '')(problem, randomUUID());
  response.writeHead(told.status, Object.fromEntries(told.headers));
  void told.text().then((body) => response.end(body));
}

onShutdown(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
  await app.close();
});
