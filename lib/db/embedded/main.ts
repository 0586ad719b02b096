/**
 * The embedded database process: PGlite with pgvector in a folder, spoken to over the Postgres protocol on loopback.
 * Prints one JSON line `{"port":N}` on stdout when it takes connections. First argument: the folder; without one,
 * `database` inside DATA_DIR. It knows nothing of tables; migrations come over the wire like everything else.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { env } from '#lib/env.ts';
import { logger } from '#lib/log.ts';
import { onShutdown } from '#lib/shutdown.ts';
import { takeLock } from './lock.ts';
import { serve } from './serve.ts';

const log = logger('database');

async function main(): Promise<void> {
  const folder = path.resolve(process.argv[2] ?? path.join(env().DATA_DIR, 'database'));
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const giveLockBack = takeLock(`${folder}.lock`);
  process.on('exit', giveLockBack);
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) {
    await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'prepare.ts'), folder]);
  }
  const database = await serve(folder, env().EMBEDDED_DATABASE_PORT);
  onShutdown(() => database.stop());
  process.stdout.write(`${JSON.stringify({ port: database.port })}\n`);
  log.info({ port: database.port }, 'embedded database ready');
}

try {
  await main();
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'The embedded database did not start.');
  process.exit(1);
}
