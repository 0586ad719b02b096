/** Groups for a directory: one, or a page of those that a filter finds. The group of everyone is not among them. */
import { sql, type RawBuilder } from 'kysely';
import { scimActor } from '../../actor.ts';
import { transaction, type Tx } from '../../db/transaction.ts';
import { ScimError } from '../error.ts';
import { filterToSql } from '../filter/sql.ts';
import { orderBy } from '../order.ts';
import { isShown, project, type Projection } from '../projection.ts';
import type { ListQuery } from '../query.ts';
import type { ScimObject } from '../types.ts';
import { isId } from '../users/read.ts';
import { groupColumns, groupFilterColumns, groupResource, type GroupRow, type MemberOfGroup } from './row.ts';

/** A page of groups. */
export async function listGroups(query: ListQuery, base: string): Promise<{ total: number; resources: ScimObject[] }> {
  const condition: RawBuilder<boolean> = query.filter === undefined ? sql`true` : filterToSql(query.filter, groupFilterColumns);
  return transaction(scimActor, async (tx) => {
    const counted = await sql<{ total: number }>`select count(*) as total from groups g where ${condition}`.execute(tx);
    const found = query.count === 0 ? [] : (await sql<GroupRow>`
      select ${groupColumns} from groups g
      where ${condition}
      order by ${orderBy(query, groupFilterColumns)} g.created_at, g.id
      limit ${query.count} offset ${query.startIndex - 1}`.execute(tx)).rows;
    return { total: counted.rows[0]?.total ?? 0, resources: await present(tx, found, { projection: query.projection, base }) };
  });
}

/** One group in the caller's transaction, locked where `lock` says so. Throws ScimError 'notFound'. */
export async function needGroup(tx: Tx, id: string, { lock }: { lock: boolean }): Promise<GroupRow> {
  // Locked by itself: the columns count members, which cannot be locked.
  if (lock && isId(id)) await tx.selectFrom('groups').select('id').where('id', '=', id).forUpdate().execute();
  const found = isId(id) ? (await sql<GroupRow>`select ${groupColumns} from groups g where g.id = ${id}`.execute(tx)).rows[0] : undefined;
  if (found === undefined) throw new ScimError('notFound', `There is no group ${id.slice(0, 100)}.`);
  return found;
}

/** Rows as they are answered, with their members where these are shown. */
export async function present(tx: Tx, rows: readonly GroupRow[], { projection, base }: { projection: Projection; base: string }): Promise<ScimObject[]> {
  const members = isShown(projection, 'members') ? await membersOf(tx, rows.map((row) => row.id)) : null;
  return rows.map((row) => project(groupResource(row, members === null ? null : (members.get(row.id) ?? []), base), projection));
}

/** Who stands directly in each of these groups: members, then groups, each by id. */
export async function membersOf(tx: Tx, ids: readonly string[]): Promise<Map<string, MemberOfGroup[]>> {
  if (ids.length === 0) return new Map();
  const found = await sql<MemberOfGroup & { group_id: string }>`
    select s.group_id, s.member_id as value, 'User' as type, m.name as display
    from memberships s join members m on m.id = s.member_id where s.group_id = any(${[...ids]}::uuid[])
    union all
    select n.outer_group_id, n.inner_group_id, 'Group', g.name
    from group_nestings n join groups g on g.id = n.inner_group_id where n.outer_group_id = any(${[...ids]}::uuid[])
    order by type desc, value`.execute(tx);
  const byGroup = new Map<string, MemberOfGroup[]>(ids.map((id) => [id, []]));
  for (const { group_id, ...member } of found.rows) byGroup.get(group_id)?.push(member);
  return byGroup;
}
