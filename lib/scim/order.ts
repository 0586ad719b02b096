/** The order of a list, as SQL. */
import { sql, type RawBuilder } from 'kysely';
import type { Columns } from './filter/sql.ts';
import type { ListQuery } from './query.ts';

/** What `sortBy` names, with a comma after it, or nothing: text without regard to capitals; of several values the primary or first one. What lacks it comes last, and first where the order is turned round. */
export function orderBy({ sortBy, descending }: Pick<ListQuery, 'sortBy' | 'descending'>, columns: Columns): RawBuilder<unknown> {
  const key = sortBy === undefined ? undefined : keyOf(sortBy.attribute.name, sortBy.child?.name, columns);
  if (key === undefined) return sql``;
  return descending ? sql`${key} desc nulls first,` : sql`${key} asc nulls last,`;
}

function keyOf(name: string, child: string | undefined, columns: Columns): RawBuilder<unknown> | undefined {
  const several = columns.several[name];
  if (several !== undefined) {
    const part = several.columns[child ?? 'value'];
    const primary = several.columns['primary'];
    if (part === undefined) return undefined;
    return sql`(select ${sortable(part)} from ${several.from} order by ${primary === undefined ? sql`1` : sql`coalesce(${primary.of}, false) desc`} limit 1)`;
  }
  const single = columns.single[child === undefined ? name : `${name}.${child}`] ?? columns.single[`${name}.formatted`];
  return single === undefined ? undefined : sortable(single);
}

function sortable({ kind, of }: { kind: string; of: RawBuilder<unknown> }): RawBuilder<unknown> {
  return kind === 'text' ? sql`lower(${of})` : of;
}
