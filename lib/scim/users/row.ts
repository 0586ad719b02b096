/** A member as a SCIM user: what the database keeps of one, and what is answered. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../actor.ts';
import type { Columns } from '../filter/sql.ts';
import { userSchema } from '../schema.ts';
import type { Resource, ScimObject, ScimValue } from '../types.ts';

/** Attributes as a directory sent them; null for a member whom no directory has written. */
export type Provisioned = ScimObject | null;

export interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  disabled_at: Date | null;
  disabled_by_directory: boolean;
  user_name: string | null;
  external_id: string | null;
  provisioned: Provisioned;
  created_at: Date;
  changed_at: Date;
  removed_at: Date | null;
}

export interface GroupOfUser {
  id: string;
  name: string;
  type: 'direct' | 'indirect';
}

export const userColumns = sql`m.id, m.email, m.name, m.role, m.disabled_at, m.disabled_by_directory, m.user_name, m.external_id, m.provisioned, m.created_at, m.changed_at, m.removed_at`;

/** What filters and sorting find. `m` is the member. */
export const userFilterColumns: Columns = {
  single: {
    id: { kind: 'id', of: sql`m.id` },
    externalId: { kind: 'exact', of: sql`m.external_id` },
    userName: { kind: 'key', of: sql`coalesce(m.user_name, m.email)` },
    displayName: { kind: 'text', of: sql`case when m.provisioned is null then m.name else m.provisioned ->> 'displayName' end` },
    'name.formatted': { kind: 'text', of: sql`m.provisioned #>> '{name,formatted}'` },
    'name.familyName': { kind: 'text', of: sql`m.provisioned #>> '{name,familyName}'` },
    'name.givenName': { kind: 'text', of: sql`m.provisioned #>> '{name,givenName}'` },
    active: { kind: 'boolean', of: sql`(m.disabled_at is null)` },
    'meta.created': { kind: 'time', of: sql`m.created_at` },
    'meta.lastModified': { kind: 'time', of: sql`m.changed_at` },
    'meta.resourceType': { kind: 'exact', of: sql`'User'::text` },
  },
  several: {
    emails: {
      from: sql`jsonb_array_elements(case when m.provisioned is null then jsonb_build_array(jsonb_build_object('value', m.email, 'primary', true)) else m.provisioned -> 'emails' end) as v`,
      columns: { value: { kind: 'text', of: sql`(v ->> 'value')` }, type: { kind: 'text', of: sql`(v ->> 'type')` }, primary: { kind: 'boolean', of: sql`(v ->> 'primary')::boolean` } },
    },
    roles: {
      from: sql`jsonb_array_elements(m.provisioned -> 'roles') as v`,
      columns: {
        value: { kind: 'text', of: sql`(v ->> 'value')` }, type: { kind: 'text', of: sql`(v ->> 'type')` },
        display: { kind: 'text', of: sql`(v ->> 'display')` }, primary: { kind: 'boolean', of: sql`(v ->> 'primary')::boolean` },
      },
    },
    groups: {
      from: sql`memberships s join groups g on g.id = s.group_id and s.member_id = m.id`,
      columns: { value: { kind: 'id', of: sql`g.id` }, display: { kind: 'text', of: sql`g.name` }, type: { kind: 'text', of: sql`'direct'::text` } },
    },
  },
};

/** The attributes of a member that a directory may write. */
export function attributesOf(row: UserRow): ScimObject {
  const kept = row.provisioned ?? { userName: row.email, displayName: row.name, emails: [{ value: row.email, primary: true }] };
  return { ...(row.external_id === null ? {} : { externalId: row.external_id }), ...kept, active: row.disabled_at === null };
}

/** The user as it is answered. `groups` is null where the answer does not show them. */
export function userResource(row: UserRow, groups: readonly GroupOfUser[] | null, base: string): Resource {
  const { externalId, userName, name, displayName, active, emails, roles } = attributesOf(row);
  return {
    schemas: [userSchema.id],
    id: row.id,
    ...defined({ externalId, userName, name, displayName, active, emails, roles }),
    ...(groups === null || groups.length === 0 ? {} : { groups: groups.map((group) => ({ value: group.id, $ref: `${base}/Groups/${group.id}`, display: group.name, type: group.type })) }),
    meta: { resourceType: 'User', created: row.created_at.toISOString(), lastModified: row.changed_at.toISOString(), location: `${base}/Users/${row.id}`, version: userVersion(row) },
  };
}

/** Changes whenever a directory would read something else about the user; groups are resources of their own. */
export function userVersion(row: UserRow): string {
  return weakTag(JSON.stringify(attributesOf(row)));
}

/** A weak entity tag of `text`. */
export function weakTag(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** `object` without what has no value. */
export function defined(object: Record<string, ScimValue | undefined>): ScimObject {
  return Object.fromEntries(Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
