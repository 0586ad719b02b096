/** Open to everybody: 200 when the product can serve, 503 when it cannot. */
import { checkHealth } from '#lib/http/health.ts';
import { json } from '#lib/http/reply.ts';
import { open } from '#lib/http/route.ts';

export const GET = open(async () => {
  await checkHealth();
  return json({ status: 'ok' });
});
