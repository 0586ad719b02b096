/**
 * What each role may do, in one table. A permission lets a route be called at all; which rows it then touches is
 * decided by row-level security (prisma/migrations/*_access), which also holds where a permission is given too widely.
 */
import type { Role } from '../actor.ts';

const everyone = ['employee', 'admin', 'compliance'] as const;

/** Permission -> the roles that have it. */
export const permissions = {
  'answer:ask': everyone,
  'conversation:keep': everyone,
  'document:read': everyone,
  /** Upload, new version, delete: the database further asks for an edit grant on the collection, or the admin role. */
  'document:edit': everyone,
  'profile:read': everyone,
  /** An API key for oneself: it may do what its member may, and of that only asking and searching. */
  'key:make': everyone,
  'collection:manage': ['admin'],
  'grant:manage': ['admin'],
  'member:manage': ['admin'],
  'provisioning:manage': ['admin'],
  'provider:manage': ['admin'],
  'model:manage': ['admin'],
  'audit:read': ['compliance'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** True when a member of that role has the permission. */
export function isPermitted(role: Role, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission];
  return allowed.includes(role);
}
