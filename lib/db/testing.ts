/**
 * Databases for tests: each caller gets a migrated one of its own. With DATABASE_URL set it is a new database on
 * that server, else a new embedded one; the same SQL and the same tests run on both.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
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
  const server = surroundings()['DATABASE_URL'];
  const made = server === undefined || server === '' ? await embedded() : await makeDatabaseOn(server);
  try {
    await migrate(made.url);
    return made;
  } catch (error) {
    await made.stop();
    throw error;
  }
}

/** The same, opened as the database of this process: `transaction` works on it until `stop`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const made = await testDatabase();
  useDatabase(openDatabase(made.url, 5));
  return { ...made, stop: async () => { await closeDatabase(); await made.stop(); } };
}

async function embedded(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-database-'));
  const started = await startEmbeddedDatabase({ folder });
  return { url: started.url, stop: async () => { await started.stop(); await rm(folder, { recursive: true, force: true }); } };
}

/** A new, empty database on that server. `stop` removes it. */
export async function makeDatabaseOn(server: string): Promise<TestDatabase> {
  const name = `attest_test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `create database ${name}`);
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
