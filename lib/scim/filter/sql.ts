/**
 * A filter as a condition in SQL. Every value goes as a parameter. What an attribute is in the database is said by the
 * caller; an attribute that is not said there is not kept, which is the same as missing.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Target } from '../schema.ts';
import type { Filter, Operator } from './parse.ts';

/** How a column is compared: `key` is stored in lower case, `id` is a uuid. */
export type ColumnKind = 'text' | 'exact' | 'key' | 'id' | 'boolean' | 'time';
export interface Column {
  kind: ColumnKind;
  of: RawBuilder<unknown>;
}
export interface Columns {
  /** By path: `userName`, `name.givenName`. */
  single: Readonly<Record<string, Column>>;
  /** By attribute: where its values come from (with an alias that the columns use) and what each consists of. */
  several: Readonly<Record<string, { from: RawBuilder<unknown>; columns: Readonly<Record<string, Column>> }>>;
}

type Condition = RawBuilder<boolean>;

/** The condition, never null. */
export function filterToSql(filter: Filter, columns: Columns): Condition {
  switch (filter.kind) {
    case 'and':
      return sql`(${sql.join(filter.of.map((each) => filterToSql(each, columns)), sql` and `)})`;
    case 'or':
      return sql`(${sql.join(filter.of.map((each) => filterToSql(each, columns)), sql` or `)})`;
    case 'not':
      return sql`(not ${filterToSql(filter.of, columns)})`;
    case 'element': {
      const values = columns.several[filter.attribute.name];
      return values === undefined ? never : someValue(values.from, filterToSql(filter.of, { single: values.columns, several: {} }));
    }
    case 'present':
      return presence(filter.target, columns);
    case 'compare':
      return comparison(filter, columns);
  }
}

const never: Condition = sql`false`;

function someValue(from: RawBuilder<unknown>, condition: Condition): Condition {
  return sql`(exists (select from ${from} where ${condition}))`;
}

function presence({ attribute, child }: Target, columns: Columns): Condition {
  const values = columns.several[attribute.name];
  if (values !== undefined) return someValue(values.from, child === undefined ? sql`true` : isPresent(values.columns[child.name]));
  if (child !== undefined) return isPresent(columns.single[`${attribute.name}.${child.name}`]);
  if (attribute.children.length === 0) return isPresent(columns.single[attribute.name]);
  const parts = attribute.children.map((part) => isPresent(columns.single[`${attribute.name}.${part.name}`]));
  return sql`(${sql.join(parts, sql` or `)})`;
}

function isPresent(column: Column | undefined): Condition {
  if (column === undefined) return never;
  return column.kind === 'text' || column.kind === 'exact' ? sql`(coalesce(${column.of}, '') <> '')` : sql`(${column.of} is not null)`;
}

function comparison({ target: { attribute, child }, operator, value }: Extract<Filter, { kind: 'compare' }>, columns: Columns): Condition {
  const values = columns.several[attribute.name];
  if (values !== undefined) {
    const column = child === undefined ? undefined : values.columns[child.name];
    return column === undefined ? never : someValue(values.from, compare(column, operator, value));
  }
  if (attribute.multiValued) return never;
  return compare(columns.single[child === undefined ? attribute.name : `${attribute.name}.${child.name}`], operator, value);
}

function compare(column: Column | undefined, operator: Operator, value: string | boolean | null): Condition {
  if (operator === 'ne') return sql`(not ${compare(column, 'eq', value)})`;
  if (column === undefined) return value === null ? sql`true` : never;
  if (value === null) return sql`(${column.of} is null)`;
  return sql`coalesce(${compareValue(column, operator, value)}, false)`;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const signs = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const;

function compareValue({ kind, of }: Column, operator: Exclude<Operator, 'ne'>, value: string | boolean): RawBuilder<unknown> {
  if (typeof value === 'boolean') return sql`${of} = ${value}::boolean`;
  if (kind === 'time' && operator in signs) return sql`date_trunc('milliseconds', ${of}) ${signs[operator as 'eq']} ${value}::timestamptz`;
  if (kind === 'id' && operator === 'eq') return uuid.test(value) ? sql`${of} = ${value}::uuid` : sql`false`;
  const left = kind === 'text' ? sql`lower(${of})` : kind === 'id' ? sql`${of}::text` : of;
  const right = kind === 'text' ? sql`lower(${value}::text)` : sql`${kind === 'key' ? value.toLowerCase() : value}::text`;
  switch (operator) {
    case 'co':
      return sql`position(${right} in ${left}) > 0`;
    case 'sw':
      return sql`starts_with(${left}, ${right})`;
    case 'ew':
      return sql`right(${left}, length(${right})) = ${right}`;
    case 'eq':
      return sql`${left} = ${right}`;
    default:
      return sql`(${left}) collate "C" ${signs[operator]} ${right}`;
  }
}
