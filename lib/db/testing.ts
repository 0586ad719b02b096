/**
 * Databases for tests: each caller gets a migrated one of its own. With DATABASE_URL set it is a new database on
 * that server, else a new embedded one; the same SQL and the same tests run on both. With ATTEST_TEST_DATABASE_TEMPLATE
 * set by `npm test` it is a copy of a database that was migrated once for all of them.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { scratchFolder, surroundings } from '../env.ts';
import { startEmbeddedDatabase } from './embedded/start.ts';
import { migrate } from './migrate.ts';
import { closeDatabase, openDatabase, useDatabase } from './pool.ts';

export interface TestDatabase {
  url: string;
  stop: () => Promise<void>;
}

/** A migrated, otherwise empty database. `stop` removes it. */
export async function testDatabase(): Promise<TestDatabase> {
  const { ATTEST_TEST_DATABASE_TEMPLATE: template = '' } = surroundings();
  return template === '' ? makeMigrated() : copyOf(template);
}

export interface DatabaseTemplate {
  /** Value of ATTEST_TEST_DATABASE_TEMPLATE: a folder of the embedded database, or the name of a database on the server. */
  name: string;
  remove: () => Promise<void>;
}

/** Migrates a database for others to be copied from. */
export async function makeTemplate(): Promise<DatabaseTemplate> {
  const server = serverUrl();
  if (server !== undefined) {
    const { url, stop } = await makeMigrated();
    return { name: new URL(url).pathname.slice(1), remove: stop };
  }
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-template-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { url, stop } = await startEmbeddedDatabase({ folder });
    await migrate(url).finally(stop);
    return { name: folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function serverUrl(): string | undefined {
  return surroundings()['DATABASE_URL'] || undefined;
}

async function makeMigrated(): Promise<TestDatabase> {
  const server = serverUrl();
  const made = server === undefined ? await embedded() : await makeDatabaseOn(server);
  try {
    await migrate(made.url);
    return made;
  } catch (error) {
    await made.stop();
    throw error;
  }
}

function copyOf(template: string): Promise<TestDatabase> {
  const server = serverUrl();
  return server === undefined ? embedded(template) : makeDatabaseOn(server, template);
}

/** The same, opened as the database of this process: `transaction` works on it until `stop`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const made = await testDatabase();
  useDatabase(openDatabase(made.url, 5));
  return { ...made, stop: async () => { await closeDatabase(); await made.stop(); } };
}

async function embedded(template?: string): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-database-'));
  // Where the file system can, the copy shares its blocks with the original until one of them is written.
  if (template !== undefined) await cp(template, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const started = await startEmbeddedDatabase({ folder });
  return { url: started.url, stop: async () => { await started.stop(); await rm(folder, { recursive: true, force: true }); } };
}

/** A new database on that server: empty, or a copy of another there. `stop` removes it. */
export async function makeDatabaseOn(server: string, template?: string): Promise<TestDatabase> {
  const name = `attest_test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `create database ${name}${template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, stop: () => runOn(server, `drop database if exists ${name} with (force)`) };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
