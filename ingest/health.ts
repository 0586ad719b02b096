/** Says over HTTP that this process is alive, for the supervisor and for containers. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { env } from '#lib/env.ts';

/** Answers `GET /health` on INGEST_HOST:INGEST_PORT. Throws when the port is taken. */
export async function serveHealth(): Promise<Server> {
  const server = createServer((request, response) => {
    const found = request.url === '/health';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(found ? { part: 'ingest', state: 'working' } : { state: 'unknown' }));
  });
  server.listen(env().INGEST_PORT, env().INGEST_HOST);
  await once(server, 'listening');
  return server;
}
