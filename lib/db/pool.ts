/**
 * The one pool of connections of this process, on the embedded database and on a server alike.
 * Nothing outside lib/db sees it: statements run inside `transaction` (transaction.ts), which gives them an identity.
 */
import { Kysely } from 'kysely';
import pg from 'pg';
import { env } from '../env.ts';
import { logger } from '../log.ts';
import { OpeningDialect } from './driver.ts';
import type { DB } from './types.generated.ts';

const int8Oid = 20;
const log = logger('db');

/** bigint as a JavaScript number: every bigint here is an id, a count or a size far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === int8Oid && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)),
};

export function createPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    connectionTimeoutMillis: 10_000,
    // The embedded database keeps a worker per connection; idle ones are given back.
    idleTimeoutMillis: 30_000,
    application_name: 'attest',
  });
  // An idle connection that breaks (the server restarted) is replaced at the next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ error: { message: error.message } }, 'an idle database connection was lost'));
  // The same for one that is in a transaction but between two statements; the next statement finds it closed.
  pool.on('connect', (client) => client.on('error', (error) => log.warn({ error: { message: error.message } }, 'a database connection was lost')));
  return pool;
}

// Next bundles a module once per route; the pool must still be one per process.
const shared: typeof globalThis & { attestDatabase?: Kysely<DB> } = globalThis;

/** The database of this process, opened at first use from DATABASE_URL. */
export function database(): Kysely<DB> {
  shared.attestDatabase ??= openDatabase(databaseUrl(), env().DATABASE_POOL_MAX);
  return shared.attestDatabase;
}

export function openDatabase(url: string, poolMax: number): Kysely<DB> {
  return new Kysely<DB>({ dialect: new OpeningDialect({ pool: createPool(url, poolMax) }) });
}

/** Makes `db` the database of this process; for tests, which get theirs from lib/db/testing.ts. */
export function useDatabase(db: Kysely<DB>): void {
  shared.attestDatabase = db;
}

/** Closes the pool; the next use opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = shared.attestDatabase;
  delete shared.attestDatabase;
  await open?.destroy();
}

function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (url === undefined) throw new Error('DATABASE_URL is not set. `npm start` sets it for the embedded database.');
  return url;
}
