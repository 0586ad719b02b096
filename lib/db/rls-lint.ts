/**
 * Reads from Postgres' catalogue whether anything stands beside row-level security: the web process refuses to serve
 * from a database where something does, `npm run db:lint-rls` says what. It knows tables, roles and functions, and no
 * rule of who may read what.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { logger } from '../log.ts';
import { isUnavailable } from './transaction.ts';
import { uniqueKeysAllowed } from './unique-keys.ts';

const log = logger('db');
const retryMs = 1000;

export interface RlsFault {
  /** Name of the rule, for tests and for people who search. */
  rule: keyof typeof rules | 'unique-key';
  /** What is wrong, as the middle of a sentence. */
  what: string;
}

// Ours are named attest_; the queue's tables hold ids and no content, and its schema is pg-boss's own.
const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'pgboss') and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'`;
// By name: an operator may well call the login that takes these roles attest_something.
const ownRole = `r.rolname in ('attest_runtime', 'attest_worker', 'attest_signin', 'attest_scim', 'attest_siem', 'attest_access', 'attest_audit')`;
/** What belongs to an extension, such as the views of pg_stat_statements, is not ours to change and reads no table of ours. */
const notOfExtension = (oid: string, catalogue: string): string => `not exists (select from pg_depend d where d.objid = ${oid} and d.classid = '${catalogue}'::regclass and d.deptype = 'e')`;

/** Each gives the faults it finds as one column of text. */
const rules = {
  'table-unprotected': `
    select format('the table %s has no %s row-level security', c.oid::regclass, case when c.relrowsecurity then 'forced' else 'enabled' end)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${ours} and c.relname <> '_prisma_migrations' and ${notOfExtension('c.oid', 'pg_class')}
      and not (c.relrowsecurity and c.relforcerowsecurity)`,
  'table-foreign': `
    select format('the foreign table %s knows no row-level security', c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'f' and ${ours}`,
  'role-too-strong': `
    select format('the role %s %s', r.rolname, concat_ws(' and ',
      case when r.rolsuper then 'is a superuser' end, case when r.rolbypassrls then 'bypasses row-level security' end,
      case when r.rolcanlogin then 'can log in' end, case when r.rolcreaterole then 'may create roles' end))
    from pg_roles r where ${ownRole} and (r.rolsuper or r.rolbypassrls or r.rolcanlogin or r.rolcreaterole)`,
  'role-owns-table': `
    select format('the role %s owns %s', r.rolname, c.oid::regclass)
    from pg_class c join pg_roles r on r.oid = c.relowner join pg_namespace n on n.oid = c.relnamespace
    where ${ownRole} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${ours}`,
  'role-inherits': `
    select format('the role %s may act as %s', r.rolname, o.rolname)
    from pg_auth_members m join pg_roles r on r.oid = m.member join pg_roles o on o.oid = m.roleid where ${ownRole}`,
  'view-of-owner': `
    select format('the view %s reads with the rights of its owner (security_invoker is off)', c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and ${ours} and ${notOfExtension('c.oid', 'pg_class')}
      and not exists (select from unnest(c.reloptions) o where lower(o) in ('security_invoker=true', 'security_invoker=on', 'security_invoker=1', 'security_invoker=yes'))`,
  'view-materialised': `
    select format('the materialised view %s holds rows that no policy looks at', c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' and ${ours}`,
  'function-search-path': `
    select format('the function %s runs with the rights of its owner and without a fixed search_path that ends with pg_temp', p.oid::regprocedure)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and ${ours} and ${notOfExtension('p.oid', 'pg_proc')}
      and not exists (select from unnest(p.proconfig) s where s ~ '^search_path=.*\\mpg_temp"?$')`,
  'function-public': `
    select format('the function %s runs with the rights of its owner and may be called by everybody', p.oid::regprocedure)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and ${ours} and ${notOfExtension('p.oid', 'pg_proc')} and p.prorettype <> 'trigger'::regtype
      and has_function_privilege('public', p.oid, 'execute')`,
  'function-of-owner': `
    select format('the function %s runs with the rights of %s, whom row-level security does not hold', p.oid::regprocedure, r.rolname)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
    where p.prosecdef and ${ours} and ${notOfExtension('p.oid', 'pg_proc')} and not (${ownRole})`,
  'policy-everybody': `
    select format('the policy %s on %s lets %s see every row', p.policyname, p.tablename, array_to_string(p.roles, ', '))
    from pg_policies p join pg_namespace n on n.nspname = p.schemaname
    where ${ours} and p.permissive = 'PERMISSIVE' and p.cmd <> 'INSERT' and p.roles && array['attest_runtime', 'public']::name[] and p.qual = 'true'`,
  'privilege-beside-rows': `
    select format('%s may %s %s, which row-level security does not look at', coalesce(r.rolname, 'everybody'), lower(a.privilege_type), c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.relkind in ('r', 'p', 'v') and ${ours} and ${notOfExtension('c.oid', 'pg_class')}
      and ((${ownRole} and a.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')) or a.grantee = 0)`,
} as const satisfies Record<string, string>;

/** Unique keys of tables that members write: a value that is taken is refused, also where its row is hidden. */
const uniqueKeys = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition,
    i.indnkeyatts = 1 and i.indisprimary and a.attname = 'id' and a.atttypid = 'uuid'::regtype as "isRandom"
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
  where i.indisunique and ${ours} and c.relrowsecurity
    and exists (select from pg_roles r where r.rolname = 'attest_runtime' and (has_any_column_privilege(r.oid, c.oid, 'insert') or has_any_column_privilege(r.oid, c.oid, 'update')))
  order by 1`;

/** Everything that is wrong with the database at `url`, in a fixed order. Without `withKeys` unique keys are left out. */
export async function findRlsFaults(url: string, options: { withKeys: boolean }): Promise<RlsFault[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await findFaultsOn(client, options);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The same over a connection that is open. */
export async function findFaultsOn(client: pg.Client, { withKeys }: { withKeys: boolean }): Promise<RlsFault[]> {
  const faults: RlsFault[] = [];
  for (const rule of ruleNames) {
    const { rows } = await client.query<{ format: string }>(rules[rule]);
    faults.push(...rows.map((row) => ({ rule, what: row.format })).toSorted((left, right) => left.what.localeCompare(right.what)));
  }
  return withKeys ? [...faults, ...(await findKeyFaults(client))] : faults;
}

export const ruleNames = Object.keys(rules).filter((name): name is keyof typeof rules => name in rules);

async function findKeyFaults(client: pg.Client): Promise<RlsFault[]> {
  const { rows } = await client.query<{ name: string; definition: string; isRandom: boolean }>(uniqueKeys);
  const unknown = rows.filter(({ name, isRandom }) => !isRandom && uniqueKeysAllowed[name] === undefined);
  const gone = Object.keys(uniqueKeysAllowed).filter((name) => !rows.some((row) => row.name === name));
  return [
    ...unknown.map(({ definition }): RlsFault => ({ rule: 'unique-key', what: `a unique key tells whether a hidden row has a value, and lib/db/unique-keys.ts says nothing of it: ${definition}` })),
    ...gone.map((name): RlsFault => ({ rule: 'unique-key', what: `lib/db/unique-keys.ts names ${name}, which is no unique key of a table that members write` })),
  ];
}

/**
 * Throws one sentence when the database would show people more than their rights. Asked before the first request is
 * taken; waits for a database that does not answer, because nothing can be served without it anyway.
 */
export async function checkRls(url: string): Promise<void> {
  const [first, ...others] = await findWhenReachable(url);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new Error(`The database does not hold people to their rights: ${first.what}${more}. Nothing is served from it; npm run db:lint-rls lists what is wrong.`);
}

async function findWhenReachable(url: string): Promise<RlsFault[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await findRlsFaults(url, { withKeys: false });
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (attempt === 1) log.warn({ error: { message: error instanceof Error ? error.message : String(error) } }, 'waiting for the database');
      await sleep(retryMs);
    }
  }
}
