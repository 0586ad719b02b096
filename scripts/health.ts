/** Health check of one container: `node scripts/health.ts web|ingest|models` exits 0 when that process answers. */
import { env } from '#lib/env.ts';

const answerMsMax = 4000;

const addresses: Record<string, string> = {
  web: `http://127.0.0.1:${env().WEB_PORT}/api/health`,
  ingest: `http://127.0.0.1:${env().INGEST_PORT}/health`,
  models: `http://127.0.0.1:${env().MODELS_PORT}/health`,
};

const address = addresses[process.argv[2] ?? ''];
if (address === undefined) {
  process.stderr.write(`Say which process: ${Object.keys(addresses).join(', ')}.\n`);
  process.exit(2);
}
try {
  const response = await fetch(address, { signal: AbortSignal.timeout(answerMsMax) });
  process.exit(response.ok ? 0 : 1);
} catch {
  process.exit(1);
}
