/** The catalogue lint finds nothing in a migrated database, and names each fault that is planted. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { checkRls, findFaultsOn, findRlsFaults, ruleNames } from './rls-lint.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

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

test('in a migrated database nothing stands beside row-level security', async () => {
  assert.deepEqual(await findRlsFaults(database.url, { withKeys: true }), []);
  await checkRls(database.url);
});

/** What somebody might do by mistake, and the rule and words that must name it. */
const planted: Record<string, { plant: string; rule: (typeof ruleNames)[number] | 'unique-key'; says: RegExp }> = {
  'a table without row-level security': { plant: 'create table notes (id uuid)', rule: 'table-unprotected', says: /the table notes has no enabled row-level security/ },
  'a table whose owner passes row-level security by': { plant: 'alter table chunks no force row level security', rule: 'table-unprotected', says: /chunks has no forced/ },
  'protection that is switched off': { plant: 'alter table vectors disable row level security', rule: 'table-unprotected', says: /vectors has no enabled/ },
  'a table in a schema of its own': { plant: 'create schema side; create table side.copy as select * from documents', rule: 'table-unprotected', says: /side\.copy/ },
  'a role that bypasses row-level security': { plant: 'alter role attest_runtime bypassrls', rule: 'role-too-strong', says: /bypasses row-level security/ },
  'a role that can log in': { plant: 'alter role attest_worker login', rule: 'role-too-strong', says: /can log in/ },
  'a superuser': { plant: 'alter role attest_access superuser', rule: 'role-too-strong', says: /is a superuser/ },
  'a role that owns a table': { plant: 'create table notes (id uuid); alter table notes enable row level security; alter table notes force row level security; grant create on schema public to attest_signin; alter table notes owner to attest_signin', rule: 'role-owns-table', says: /owns notes/ },
  'a role that may act as another': { plant: 'grant pg_read_all_data to attest_runtime', rule: 'role-inherits', says: /attest_runtime may act as pg_read_all_data/ },
  'a view with the rights of its owner': { plant: 'create view titles as select title from documents', rule: 'view-of-owner', says: /the view titles/ },
  'a materialised view': { plant: 'create materialized view titles as select title from documents', rule: 'view-materialised', says: /materialised view titles/ },
  'a function without a fixed search path': { plant: 'create function peek() returns bigint language sql security definer as $$ select count(*) from documents $$; revoke execute on function peek() from public; grant create on schema public to attest_access; alter function peek() owner to attest_access; revoke create on schema public from attest_access', rule: 'function-search-path', says: /peek\(\)/ },
  'a function whose search path lets temporary tables in first': { plant: 'create function peek() returns bigint language sql security definer set search_path = public as $$ select count(*) from documents $$; revoke execute on function peek() from public; grant create on schema public to attest_access; alter function peek() owner to attest_access; revoke create on schema public from attest_access', rule: 'function-search-path', says: /pg_temp/ },
  'a function that everybody may call': { plant: 'create function peek() returns bigint language sql security definer set search_path = public, pg_temp as $$ select count(*) from documents $$; grant create on schema public to attest_access; alter function peek() owner to attest_access; revoke create on schema public from attest_access', rule: 'function-public', says: /called by everybody/ },
  'a function with the rights of the tables\' owner': { plant: 'create function peek() returns bigint language sql security definer set search_path = public, pg_temp as $$ select count(*) from documents $$; revoke execute on function peek() from public', rule: 'function-of-owner', says: /peek\(\) runs with the rights of/ },
  'a policy that lets every member see every row': { plant: 'create policy all_of_it on documents for select to attest_runtime using (true)', rule: 'policy-everybody', says: /all_of_it on documents/ },
  'a right to empty a table': { plant: 'grant truncate on evidence to attest_runtime', rule: 'privilege-beside-rows', says: /attest_runtime may truncate evidence/ },
  'a table that everybody may read': { plant: 'grant select on members to public', rule: 'privilege-beside-rows', says: /everybody may select members/ },
  'a unique key over titles': { plant: 'create unique index one_title on documents (title)', rule: 'unique-key', says: /one_title/ },
};

for (const [name, { plant, rule, says }] of Object.entries(planted)) {
  test(`${name} is named`, async () => {
    // Never committed: roles belong to the whole server, where other tests run at the same time.
    await owner.query(`begin; ${plant}`);
    try {
      const found = await findFaultsOn(owner, { withKeys: true });
      assert.deepEqual([...new Set(found.map((fault) => fault.rule))], [rule]);
      assert.match(found[0]?.what ?? '', says);
    } finally {
      await owner.query('rollback');
    }
  });
}

test('a database with a fault is refused in one sentence that names it', async () => {
  await owner.query('alter table chunks no force row level security; create table notes (id uuid)');
  try {
    await assert.rejects(checkRls(database.url), { message: 'The database does not hold people to their rights: the table chunks has no forced row-level security (and 1 more). Nothing is served from it; npm run db:lint-rls lists what is wrong.' });
  } finally {
    await owner.query('alter table chunks force row level security; drop table notes');
  }
});

test('every rule was tried but the one for foreign tables, which need another server', () => {
  const tried = new Set(Object.values(planted).map(({ rule }) => rule));
  assert.deepEqual(ruleNames.filter((name) => !tried.has(name)), ['table-foreign']);
});

test('a view that reads with the rights of its reader is no fault', async () => {
  await owner.query('create view titles with (security_invoker = true) as select title from documents');
  try {
    assert.deepEqual(await findRlsFaults(database.url, { withKeys: true }), []);
  } finally {
    await owner.query('drop view titles');
  }
});
