/** Users for a directory: one, or a page of those that a filter finds. */
import { sql, type RawBuilder } from 'kysely';
import { transaction, type Tx } from '../../db/transaction.ts';
import { scimActor } from '../../actor.ts';
import { ScimError } from '../error.ts';
import { filterToSql } from '../filter/sql.ts';
import { orderBy } from '../order.ts';
import { isShown, project, type Projection } from '../projection.ts';
import type { ListQuery } from '../query.ts';
import type { ScimObject } from '../types.ts';
import { userColumns, userFilterColumns, userResource, type GroupOfUser, type UserRow } from './row.ts';

/** A page of users. Removed members are nobody here. */
export async function listUsers(query: ListQuery, base: string): Promise<{ total: number; resources: ScimObject[] }> {
  const condition: RawBuilder<boolean> = query.filter === undefined ? sql`true` : filterToSql(query.filter, userFilterColumns);
  return transaction(scimActor, async (tx) => {
    const counted = await sql<{ total: number }>`select count(*) as total from members m where m.removed_at is null and ${condition}`.execute(tx);
    const found = query.count === 0 ? [] : (await sql<UserRow>`
      select ${userColumns} from members m
      where m.removed_at is null and ${condition}
      order by ${orderBy(query, userFilterColumns)} m.created_at, m.id
      limit ${query.count} offset ${query.startIndex - 1}`.execute(tx)).rows;
    return { total: counted.rows[0]?.total ?? 0, resources: await present(tx, found, { projection: query.projection, base }) };
  });
}

/** One user in the caller's transaction, locked where `lock` says so. Throws ScimError 'notFound'. */
export async function needUser(tx: Tx, id: string, { lock }: { lock: boolean }): Promise<UserRow> {
  const found = isId(id) ? (await sql<UserRow>`select ${userColumns} from members m where m.id = ${id} and m.removed_at is null ${lock ? sql`for update` : sql``}`.execute(tx)).rows[0] : undefined;
  if (found === undefined) throw new ScimError('notFound', `There is no user ${id.slice(0, 100)}.`);
  return found;
}

/** Rows as they are answered, with their groups where these are shown. */
export async function present(tx: Tx, rows: readonly UserRow[], { projection, base }: { projection: Projection; base: string }): Promise<ScimObject[]> {
  const groups = isShown(projection, 'groups') ? await groupsOf(tx, rows.map((row) => row.id)) : null;
  return rows.map((row) => project(userResource(row, groups === null ? null : (groups.get(row.id) ?? []), base), projection));
}

/** Groups that each of these members is in, by a membership or through another group. */
async function groupsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, GroupOfUser[]>> {
  if (ids.length === 0) return new Map();
  const found = await sql<GroupOfUser & { member_id: string }>`
    with recursive standing (member_id, group_id, direct) as (
      select member_id, group_id, true from memberships where member_id = any(${[...ids]}::uuid[])
      union
      select s.member_id, n.outer_group_id, false from group_nestings n join standing s on s.group_id = n.inner_group_id
    )
    select s.member_id, g.id, g.name, case when bool_or(s.direct) then 'direct' else 'indirect' end as type
    from standing s join groups g on g.id = s.group_id
    group by s.member_id, g.id, g.name
    order by lower(g.name), g.id`.execute(tx);
  const byMember = new Map<string, GroupOfUser[]>();
  for (const { member_id, ...group } of found.rows) byMember.set(member_id, [...(byMember.get(member_id) ?? []), group]);
  return byMember;
}

/** True for an id as we give them; anything else belongs to nobody and is not asked for. */
export function isId(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
