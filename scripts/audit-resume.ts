/**
 * `npm run audit:resume -- --reason "..."`: starts the signing of the log anew with a key of its own, after signing has
 * stopped and an operator has looked into why (docs/audit.md). Run it where the ingest process runs, on its files.
 */
import './start/configuration.ts';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { signingFiles } from '#lib/audit/key-file.ts';
import { startNewKey, type Resumed } from '#lib/audit/resume.ts';
import { startEmbeddedDatabase } from '#lib/db/embedded/start.ts';
import { migrate } from '#lib/db/migrate.ts';
import { closeDatabase } from '#lib/db/pool.ts';
import { env, overrideEnv } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { readRunning } from './start/running.ts';

const { values } = parseArgs({ options: { reason: { type: 'string' } } });

/** In the database of the variables, of the running product, or of the data folder. */
async function resume(reason: string): Promise<Resumed> {
  if (env().DATABASE_URL !== undefined) return startNewKey(signingFiles(), reason);
  const folder = env().DATA_DIR;
  const running = readRunning(folder);
  if (running !== undefined) {
    overrideEnv(running);
    try {
      return await startNewKey(signingFiles(), reason);
    } catch (error) {
      if (!isProblem(error, 'database-unavailable')) throw error;
      await closeDatabase();
    }
  }
  const database = await startEmbeddedDatabase({ folder: path.join(folder, 'database') });
  try {
    await migrate(database.url);
    overrideEnv({ ...running, DATABASE_URL: database.url });
    return await startNewKey(signingFiles(), reason);
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

try {
  const reason = values.reason?.trim() ?? '';
  if (reason === '') throw new Error('Say why, for the record: npm run audit:resume -- --reason "The backup of Monday was restored after the disk failed."');
  const { verifier, former, stamp } = await resume(reason);
  const before = former === null ? '' : `Signed before were ${former.size} records; keep the former verifier key and files (they end with .${stamp}) as evidence of them.\n`;
  process.stdout.write(`The log is signed with a new key from now on. ${before}Give the new verifier key to whoever verifies exports, beside the former one:\n\n  ${verifier}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The signing could not be started anew.'}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
