/** Brings the database to the newest schema and ends: the `migrate` service of docker-compose.yml, and `npm run db:migrate`. */
import { checkDatabase } from '#lib/db/check.ts';
import { migrate } from '#lib/db/migrate.ts';
import { env } from '#lib/env.ts';
import { logger } from '#lib/log.ts';

const log = logger('migrate');

try {
  const { DATABASE_URL: url, DATABASE_ADMIN_URL: adminUrl = url } = env();
  if (url === undefined || adminUrl === undefined) throw new Error('DATABASE_URL is not set. `npm start` migrates the embedded database by itself.');
  await checkDatabase(adminUrl);
  const applied = await migrate(adminUrl, url);
  log.info({ applied }, applied.length === 0 ? 'the database is up to date' : 'migrations applied');
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'Migration failed.');
  process.exitCode = 1;
}
