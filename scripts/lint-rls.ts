/**
 * `npm run db:lint-rls`: whether anything in the database stands beside row-level security. Of DATABASE_URL where it is
 * set, else of a new embedded database with all migrations. Last line: `N passed, N failed`, a rule each.
 */
import './start/configuration.ts';
import { findRlsFaults, ruleNames } from '#lib/db/rls-lint.ts';
import { testDatabase } from '#lib/db/testing.ts';
import { env } from '#lib/env.ts';

const given = env().DATABASE_URL;
const database = given === undefined ? await testDatabase() : { url: given, stop: () => Promise.resolve() };
try {
  const faults = await findRlsFaults(database.url, { withKeys: true });
  const names = [...ruleNames, 'unique-key'] as const;
  for (const name of names) {
    const found = faults.filter(({ rule }) => rule === name);
    console.log(`${found.length === 0 ? '✔' : '✖'} ${name}`);
    for (const { what } of found) console.log(`    ${what}`);
  }
  const failed = names.filter((name) => faults.some(({ rule }) => rule === name)).length;
  console.log(`\n${names.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await database.stop();
}
