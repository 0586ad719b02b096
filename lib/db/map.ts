/** Turns the catalogue into the text of schema.prisma and of the row types. Pure. */
import type { Column, Table } from './catalogue.ts';

const prismaTypes: Record<string, string> = {
  uuid: 'String @db.Uuid',
  text: 'String',
  int8: 'BigInt',
  int4: 'Int',
  int2: 'Int @db.SmallInt',
  bool: 'Boolean',
  jsonb: 'Json',
  bytea: 'Bytes',
  timestamptz: 'DateTime @db.Timestamptz',
  vector: 'Unsupported("vector")',
};

const rowTypeNames: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  int8: 'number',
  int4: 'number',
  int2: 'number',
  bool: 'boolean',
  jsonb: 'Json',
  bytea: 'Buffer',
  timestamptz: 'Time',
  vector: 'string',
};

/** schema.prisma: one model a table, columns under their own names. */
export function prismaSchema(tables: Table[]): string {
  const head = `// Written by \`npm run db:map\` from the migrated database; a test holds them equal. A map, not a client:
// the product speaks SQL through Kysely (docs/decisions/0002-sql-not-an-orm.md). Rights, triggers and
// functions stand only in migrations/.

datasource db {
  provider = "postgresql"
}
`;
  return `${head}\n${tables.map(prismaModel).join('\n')}`;
}

function prismaModel(table: Table): string {
  const keys = table.columns.filter((column) => column.keyPosition !== null).sort((a, b) => (a.keyPosition ?? 0) - (b.keyPosition ?? 0));
  const lines = table.columns.map((column) => `  ${prismaColumn(column, keys.length === 1)}`);
  if (keys.length > 1) lines.push('', `  @@id([${keys.map((key) => key.name).join(', ')}])`);
  return `model ${table.name} {\n${lines.join('\n')}\n}\n`;
}

function prismaColumn(column: Column, soleKey: boolean): string {
  const [type = '', ...attributes] = (prismaTypes[column.type] ?? `Unsupported("${column.type}")`).split(' ');
  const shape = column.isArray ? '[]' : column.nullable ? '?' : '';
  const parts = [column.name, `${type}${shape}`];
  if (soleKey && column.keyPosition !== null) parts.push('@id');
  if (column.identity) parts.push('@default(autoincrement())');
  else if (column.default !== null) parts.push(`@default(dbgenerated(${JSON.stringify(column.default)}))`);
  const note = column.references === null ? '' : ` // -> ${column.references}`;
  return `${[...parts, ...attributes].join(' ')}${note}`;
}

/** types.generated.ts: Kysely's view of the tables. */
export function rowTypes(tables: Table[]): string {
  const head = `/** Written by \`npm run db:map\` from the migrated database. Do not edit. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** Read as parsed JSON of a shape that the reader checks; written as JSON text. */
export type Json = ColumnType<unknown, string, string>;
export type Time = ColumnType<Date, Date | string, Date | string>;
`;
  const interfaces = tables.map((table) => `export interface ${typeName(table.name)} {\n${table.columns.map(rowColumn).join('')}}\n`);
  const all = tables.map((table) => `  ${table.name}: ${typeName(table.name)};\n`).join('');
  return `${head}\n${interfaces.join('\n')}\nexport interface DB {\n${all}}\n`;
}

function rowColumn(column: Column): string {
  const single = column.allowed?.map((value) => `'${value}'`).join(' | ') ?? rowTypeNames[column.type] ?? 'unknown';
  const base = column.isArray ? `${single}[]` : single;
  const type = column.nullable ? `${base} | null` : base;
  if (column.identity) return `  ${column.name}: GeneratedAlways<${type}>;\n`;
  return `  ${column.name}: ${column.default === null ? type : generated(type)};\n`;
}

function generated(type: string): string {
  if (type === 'Time') return 'ColumnType<Date, Date | string | undefined, Date | string>';
  if (type === 'Json') return 'ColumnType<unknown, string | undefined, string>';
  return `Generated<${type}>`;
}

function typeName(table: string): string {
  return table.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
