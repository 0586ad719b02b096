/** Says over HTTP that this process is alive and whether records reach the SIEM, for the supervisor and for containers. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { DeliveryHealth } from '#lib/audit/siem/deliver.ts';
import { env } from '#lib/env.ts';

/** Answers `GET /health` on INGEST_HOST:INGEST_PORT. A SIEM that takes nothing in makes no process unhealthy. Throws when the port is taken. */
export async function serveHealth(delivery: () => DeliveryHealth): Promise<Server> {
  const server = createServer((request, response) => {
    const found = request.url === '/health';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(found ? { part: 'ingest', state: 'working', siem: delivery() } : { state: 'unknown' }));
  });
  server.listen(env().INGEST_PORT, env().INGEST_HOST);
  await once(server, 'listening');
  return server;
}
