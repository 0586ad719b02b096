/** Holds what the migrations promise about the database itself: nothing is reachable but through a policy. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { readCatalogue } from './catalogue.ts';
import { prismaSchema, rowTypes } from './map.ts';
import { migrate } from './migrate.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

const root = path.join(import.meta.dirname, '../..');
let database: TestDatabase;
let owner: pg.Client;
before(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await database.stop();
});

async function names(query: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(query);
  return rows.map((row) => row.name);
}

test('schema.prisma and the row types are what the migrated database says', async () => {
  const tables = await readCatalogue(database.url);
  assert.equal(await readFile(path.join(root, 'prisma/schema.prisma'), 'utf8'), prismaSchema(tables), 'run npm run db:map');
  assert.equal(await readFile(path.join(root, 'lib/db/types.generated.ts'), 'utf8'), rowTypes(tables), 'run npm run db:map');
});

test('migrating a second time changes nothing', async () => {
  assert.deepEqual(await migrate(database.url), []);
});

test('a migration that was edited after it was applied is refused', async () => {
  await owner.query(`update _prisma_migrations set checksum = repeat('0', 64) where migration_name like '%_people'`);
  await assert.rejects(migrate(database.url), /_people was changed after it had been applied/);
});

test('every table has row-level security enabled and forced', async () => {
  assert.deepEqual(await names(`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_prisma_migrations'
      and not (relrowsecurity and relforcerowsecurity)`), []);
});

test('no role of ours owns a table, logs in, is a superuser or bypasses row-level security', async () => {
  assert.deepEqual(await names(`
    select rolname as name from pg_roles
    where rolname like 'attest\\_%' and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb)`), []);
  assert.deepEqual(await names(`
    select relname as name from pg_class c join pg_roles r on r.oid = c.relowner
    where r.rolname like 'attest\\_%' and c.relkind in ('r', 'v', 'm', 'S')`), []);
});

test('no table of ours can be read by everyone and no function without a pinned search path runs with its owner\'s rights', async () => {
  assert.deepEqual(await names(`
    select table_name as name from information_schema.role_table_grants
    where table_schema in ('public', 'pgboss') and grantee = 'PUBLIC'`), []);
  assert.deepEqual(await names(`
    select proname as name from pg_proc
    where prosecdef and pronamespace = 'public'::regnamespace
      and not exists (select from unnest(proconfig) setting where setting like 'search_path=%')`), []);
});

test('there is no view or materialised view, whose owner would decide instead of the reader', async () => {
  assert.deepEqual(await names(`
    select relname as name from pg_class
    where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace`), []);
});

test('nobody may change or remove an audit record, not even the owner of the table', async () => {
  const rights = await owner.query(`
    select grantee, privilege_type from information_schema.role_table_grants
    where table_name = 'audit_records' and grantee like 'attest\\_%' and privilege_type not in ('SELECT', 'INSERT')`);
  assert.deepEqual(rights.rows, []);
  await assert.rejects(owner.query('truncate audit_records'), /never changed or removed/);
});

test('the runtime role can put a record nowhere but at the number it claimed', async () => {
  const body = `'{"v":1}'::bytea`;
  const insert = (seq: string) => `insert into audit_records (seq, at, event, outcome, body, leaf_hash)
    values (${seq}, now(), 'session.started', 'done', ${body}, sha256('\\x00'::bytea || ${body}))`;
  await owner.query('begin; set local role attest_signin');
  await assert.rejects(owner.query(insert('7')), /was not claimed in this transaction/);
  await owner.query('rollback');
});
