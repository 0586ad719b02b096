/** Groups as admins see them; row-level security shows others only their own and the group of everyone. */
import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { containing, type ListQuery, type Page } from '../members/query.ts';
import type { GroupRow } from '../members/types.ts';

interface Row {
  id: string;
  name: string;
  everyone: boolean;
  sensitive: boolean;
  members: number;
  inner: { id: string; name: string }[];
  created_at: Date;
}

/** A page of groups by name. Everyone's group counts all members who are not disabled. */
export async function listGroups(actor: Actor, query: ListQuery): Promise<Page<GroupRow>> {
  const after = readCursor(query.cursor, 2) ?? ['', ''];
  const pattern = containing(query.q ?? '');
  const found = await transaction(actor, (tx) =>
    sql<Row>`
      ${rows}
      where g.name ilike ${pattern} and (lower(g.name), g.id::text) > (${after[0]}, ${after[1]})
      order by lower(g.name), g.id::text
      limit ${query.limit + 1}`.execute(tx),
  );
  const items = found.rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(groupRow), next: found.rows.length > query.limit && last !== undefined ? writeCursor(last.name.toLowerCase(), last.id) : null };
}

/** One group in the caller's transaction, or undefined. */
export async function findGroup(tx: Tx, id: string): Promise<GroupRow | undefined> {
  const found = await sql<Row>`${rows} where g.id = ${id}`.execute(tx);
  return found.rows[0] === undefined ? undefined : groupRow(found.rows[0]);
}

const rows = sql`
  select g.id, g.name, g.everyone, g.sensitive, g.created_at,
    coalesce((
      select jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name) order by lower(i.name))
      from group_nestings n join groups i on i.id = n.inner_group_id
      where n.outer_group_id = g.id
    ), '[]') as "inner",
    case when g.everyone
      then (select count(*) from members where disabled_at is null)
      else (select count(*) from memberships where group_id = g.id)
    end as members
  from groups g`;

function groupRow({ created_at, ...row }: Row): GroupRow {
  return { ...row, createdAt: created_at.toISOString() };
}
