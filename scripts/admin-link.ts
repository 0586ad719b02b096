/**
 * `npm run admin:link`: prints a link that makes whoever signs in through it an admin. Good for one hour and one use.
 * With the embedded database it works while the product runs, and while it does not.
 */
import './start/configuration.ts';
import path from 'node:path';
import { makeAdminLink } from '#lib/auth/admin-link.ts';
import { startEmbeddedDatabase } from '#lib/db/embedded/start.ts';
import { migrate } from '#lib/db/migrate.ts';
import { closeDatabase } from '#lib/db/pool.ts';
import { env, overrideEnv } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { readRunning } from './start/running.ts';

/** Makes the link in the database of the variables, of the running product, or of the data folder. */
async function make(): Promise<{ address: string; expiresAt: Date }> {
  if (env().DATABASE_URL !== undefined) return makeAdminLink();
  const folder = env().DATA_DIR;
  const running = readRunning(folder);
  if (running !== undefined) {
    overrideEnv(running);
    try {
      return await makeAdminLink();
    } catch (error) {
      if (!isProblem(error, 'database-unavailable')) throw error;
      await closeDatabase();
    }
  }
  const database = await startEmbeddedDatabase({ folder: path.join(folder, 'database') });
  try {
    await migrate(database.url);
    overrideEnv({ ATTEST_URL: running?.ATTEST_URL ?? env().ATTEST_URL, DATABASE_URL: database.url });
    return await makeAdminLink();
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

try {
  const { address, expiresAt } = await make();
  process.stdout.write(`Whoever signs in through this link becomes an administrator. It is good for one use, until ${expiresAt.toLocaleTimeString('en-GB')}:\n\n  ${address}\n\nGive it to nobody else.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The link could not be made.'}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
