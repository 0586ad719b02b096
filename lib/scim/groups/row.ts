/** A group as a SCIM group: what the database keeps of one, and what is answered. */
import { sql } from 'kysely';
import type { Columns } from '../filter/sql.ts';
import { groupSchema } from '../schema.ts';
import type { Resource, ScimObject } from '../types.ts';
import { weakTag } from '../users/row.ts';

export interface GroupRow {
  id: string;
  name: string;
  external_id: string | null;
  created_at: Date;
  changed_at: Date;
  /** Says something else whenever somebody joins or leaves: how many there are and when the last one came. */
  standing: string;
}

export interface MemberOfGroup {
  value: string;
  type: 'User' | 'Group';
  display: string;
}

/** `g` is the group. Counting beats hashing ids: a list of large groups without their members stays quick. */
export const groupColumns = sql`g.id, g.name, g.external_id, g.created_at, g.changed_at, (
  select concat_ws(' ', count(*), max(s.created_at)) from memberships s where s.group_id = g.id
) || ' / ' || (
  select concat_ws(' ', count(*), max(n.created_at)) from group_nestings n where n.outer_group_id = g.id
) as standing`;

/** What filters and sorting find. Removed members have no memberships. */
export const groupFilterColumns: Columns = {
  single: {
    id: { kind: 'id', of: sql`g.id` },
    externalId: { kind: 'exact', of: sql`g.external_id` },
    displayName: { kind: 'text', of: sql`g.name` },
    'meta.created': { kind: 'time', of: sql`g.created_at` },
    'meta.lastModified': { kind: 'time', of: sql`g.changed_at` },
    'meta.resourceType': { kind: 'exact', of: sql`'Group'::text` },
  },
  several: {
    members: {
      from: sql`(
        select s.member_id as value, 'User' as type, m.name as display from memberships s join members m on m.id = s.member_id where s.group_id = g.id
        union all
        select n.inner_group_id, 'Group', i.name from group_nestings n join groups i on i.id = n.inner_group_id where n.outer_group_id = g.id
      ) as v`,
      columns: { value: { kind: 'id', of: sql`v.value` }, type: { kind: 'text', of: sql`v.type` }, display: { kind: 'text', of: sql`v.display` } },
    },
  },
};

/** The attributes of a group that a directory may write. */
export function attributesOf(row: GroupRow, members: readonly Pick<MemberOfGroup, 'value' | 'type'>[]): ScimObject {
  return {
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    displayName: row.name,
    ...(members.length === 0 ? {} : { members: members.map(({ value, type }) => ({ value, type })) }),
  };
}

/** The group as it is answered. `members` is null where the answer does not show them. */
export function groupResource(row: GroupRow, members: readonly MemberOfGroup[] | null, base: string): Resource {
  return {
    schemas: [groupSchema.id],
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    displayName: row.name,
    ...(members === null || members.length === 0 ? {} : { members: members.map(({ value, type, display }) => ({ value, $ref: `${base}/${type}s/${value}`, type, display })) }),
    meta: { resourceType: 'Group', created: row.created_at.toISOString(), lastModified: row.changed_at.toISOString(), location: `${base}/Groups/${row.id}`, version: groupVersion(row) },
  };
}

export function groupVersion({ name, external_id, standing }: GroupRow): string {
  return weakTag(JSON.stringify([name, external_id, standing]));
}
