/** The web process: Next.js in production on WEB_HOST:WEB_PORT. One process, so that it has one pool and one memory. */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import next from 'next';
import { checkSignIn } from '#lib/auth/check.ts';
import { env } from '#lib/env.ts';
import { Problem } from '#lib/errors.ts';
import { problemResponse } from '#lib/http/problem.ts';
import { logger } from '#lib/log.ts';
import { onShutdown } from '#lib/shutdown.ts';

const log = logger('web');
/** Longer than the 60 s that reverse proxies commonly keep a connection, so that they never write into one we just closed. */
const keepAliveMs = 65_000;
/** A person's answer may still be streaming when we are asked to stop; after this it is cut off. */
const drainMs = 5000;

const { WEB_PORT: port, WEB_HOST: hostname } = env();
try {
  checkSignIn();
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'The sign-in is set up wrongly.');
  process.exit(1);
}
const app = next({ dev: false, dir: path.resolve(import.meta.dirname, '..'), hostname, port });
const handle = app.getRequestHandler();

await app.prepare().catch((error: unknown) => {
  log.fatal({ error }, error instanceof Error ? error.message : 'The web process did not start.');
  process.exit(1);
});
const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
  // Next answers 500 to a path with bytes that are no text.
  if (!isDecodable(request.url ?? '/')) return refuse(response);
  void handle(request, response);
});
server.on('error', (error) => {
  log.fatal({ error }, `The web process cannot listen on ${hostname}:${port}.`);
  process.exit(1);
});
server.listen(port, hostname, () => log.info({ port }, 'web ready'));

function isDecodable(address: string): boolean {
  try {
    return decodeURIComponent(address.split('?', 1)[0] ?? '') !== '';
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse): void {
  const problem = problemResponse(new Problem('malformed-request', { detail: 'The address holds characters that are not text.' }), randomUUID());
  response.writeHead(problem.status, Object.fromEntries(problem.headers));
  void problem.text().then((body) => response.end(body));
}

onShutdown(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
  await app.close();
});
