/**
 * Applies prisma/migrations in order and keeps Prisma's own table of what was applied, so that
 * `prisma migrate deploy` and this runner agree. Safe to run from several processes at once.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { createQueueTables } from './queue-tables.ts';

const folder = path.join(import.meta.dirname, '../../prisma/migrations');
// Any fixed number will do; it keeps two migration runs apart.
const lockKey = 7_301_118;

const createTable = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

/**
 * Brings the database at `adminUrl` to the newest schema. Returns the names of the migrations it applied.
 * Throws when a migration that was applied has changed since, or when the database is newer than this program.
 */
export async function migrate(adminUrl: string, runtimeUrl: string = adminUrl): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const applied = await applyAll(client, await readMigrations());
    await createQueueTables(client);
    await grantRuntimeLogin(client, runtimeUrl);
    return applied;
  } finally {
    await client.end();
  }
}

async function applyAll(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${lockKey})`);
    await client.query(createTable);
    const done = await readApplied(client);
    refuseUnknown(done, migrations);
    const missing = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of missing) await apply(client, migration);
    await client.query('commit');
    return missing.map((migration) => migration.name);
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(migration.text);
  } catch (error) {
    throw new Error(`Migration ${migration.name} failed and nothing was changed: ${String(error)}`, { cause: error });
  }
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where rolled_back_at is null and finished_at is not null',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseUnknown(done: Map<string, string>, migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of done) {
    const expected = known.get(name);
    if (expected === undefined) throw new Error(`The database is newer than this program: it has migration ${name}. Start the newer version.`);
    if (expected !== checksum) throw new Error(`Migration ${name} was changed after it had been applied. Restore the original file.`);
  }
}

async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Lets the login that the running product uses take our roles; when the owner itself runs the product there is nothing to do. */
async function grantRuntimeLogin(client: pg.Client, runtimeUrl: string): Promise<void> {
  const { username, password } = new URL(runtimeUrl);
  const login = decodeURIComponent(username);
  const { rows } = await client.query<{ same: boolean; missing: boolean }>(
    'select current_user = $1 as same, not exists (select from pg_roles where rolname = $1) as missing',
    [login],
  );
  if (login === '' || rows[0]?.same !== false) return;
  const name = client.escapeIdentifier(login);
  if (rows[0].missing) await client.query(`create role ${name} login password ${client.escapeLiteral(decodeURIComponent(password))}`);
  await client.query(`grant attest_runtime, attest_worker, attest_signin, attest_scim, attest_siem to ${name}`);
}
