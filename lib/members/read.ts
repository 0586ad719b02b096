/** Members as people see them. Row-level security shows employees themselves only, admins and compliance everybody. */
import { sql, type RawBuilder } from 'kysely';
import type { Actor, MemberActor, Role } from '../actor.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { containing, type MemberQuery, type Page } from './query.ts';
import type { MemberRow, Profile } from './types.ts';

interface Row {
  id: string;
  name: string;
  email: string;
  role: Role;
  groups: { id: string; name: string }[];
  created_at: Date;
  disabled_at: Date | null;
}

/** A page of members by name. */
export async function listMembers(actor: Actor, query: MemberQuery): Promise<Page<MemberRow>> {
  const after = readCursor(query.cursor, 2);
  const conditions = [
    ...(query.q === undefined || query.q === '' ? [] : [sql`(m.name ilike ${containing(query.q)} or m.email ilike ${containing(query.q)})`]),
    ...(query.group === undefined ? [] : [sql`exists (select from memberships where member_id = m.id and group_id = ${query.group})`]),
    ...(after === null ? [] : [sql`(lower(m.name), m.id::text) > (${after[0]}, ${after[1]})`]),
  ];
  const rows = await transaction(actor, (tx) => select(tx, conditions, query.limit + 1));
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(memberRow), next: rows.length > query.limit && last !== undefined ? writeCursor(last.name.toLowerCase(), last.id) : null };
}

/** One member in the caller's transaction, or undefined. */
export async function findMember(tx: Tx, id: string): Promise<MemberRow | undefined> {
  const [row] = await select(tx, [sql`m.id = ${id}`], 1);
  return row === undefined ? undefined : memberRow(row);
}

async function select(tx: Tx, conditions: readonly RawBuilder<unknown>[], limit: number): Promise<Row[]> {
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const found = await sql<Row>`
    select m.id, m.name, m.email, m.role, m.created_at, m.disabled_at,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by lower(g.name))
        from memberships s join groups g on g.id = s.group_id
        where s.member_id = m.id
      ), '[]') as groups
    from members m
    ${where}
    order by lower(m.name), m.id::text
    limit ${limit}`.execute(tx);
  return found.rows;
}

function memberRow(row: Row): MemberRow {
  const { id, name, email, role, groups } = row;
  return { id, name, email, role, groups, createdAt: row.created_at.toISOString(), disabledAt: row.disabled_at?.toISOString() ?? null };
}

/** The signed-in member for the frame of every page: groups by name, and how many collections and documents they may read. */
export async function describeActor(actor: MemberActor): Promise<Omit<Profile, 'demo'>> {
  const { id, name, email, role } = actor;
  const found = await transaction(actor, (tx) =>
    sql<{ groups: string[]; collections: number; documents: number }>`
      select
        array(
          select g.name from memberships s join groups g on g.id = s.group_id where s.member_id = ${id} order by lower(g.name)
        ) as groups,
        (select count(*) from readable_collections()) as collections,
        (select count(*) from readable_documents()) as documents`.execute(tx),
  );
  return { id, name, email, role, ...(found.rows[0] ?? { groups: [], collections: 0, documents: 0 }) };
}
