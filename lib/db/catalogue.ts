/** Reads the tables of a migrated database from Postgres' catalogue: the source of schema.prisma and of the row types. */
import pg from 'pg';
import { z } from 'zod';

const columnSchema = z.object({
  table: z.string(),
  name: z.string(),
  /** Postgres' own spelling, without array brackets: uuid, text, int8, timestamptz ... */
  type: z.string(),
  isArray: z.boolean(),
  nullable: z.boolean(),
  identity: z.boolean(),
  default: z.string().nullable(),
  /** Position in the primary key from 1; null when not part of it. */
  keyPosition: z.number().nullable(),
  /** The values a check constraint allows, for a text column that has one. */
  allowed: z.array(z.string()).nullable(),
  references: z.string().nullable(),
});
export type Column = z.infer<typeof columnSchema>;

export interface Table {
  name: string;
  columns: Column[];
}

const query = `
  select
    c.relname as "table", a.attname as name,
    coalesce(e.typname, t.typname) as type, e.typname is not null as "isArray",
    not a.attnotnull as nullable, a.attidentity <> '' as identity,
    pg_get_expr(d.adbin, d.adrelid) as "default",
    (select array_position(k.conkey::int2[], a.attnum) from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') as "keyPosition",
    (select array_agg(m[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') m
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%') as allowed,
    (select f.relname from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum] limit 1) as "references"
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> '_prisma_migrations'
  order by c.relname, a.attnum`;

/** All tables of the public schema in alphabetical order, columns in their own. */
export async function readCatalogue(url: string): Promise<Table[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const columns = z.array(columnSchema).parse((await client.query(query)).rows);
    const names = [...new Set(columns.map((column) => column.table))];
    return names.map((name) => ({ name, columns: columns.filter((column) => column.table === name) }));
  } finally {
    await client.end();
  }
}
