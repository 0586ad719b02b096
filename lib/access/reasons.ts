/** How a reason is read from the database: the columns that every explanation shares. */
import { z } from 'zod';
import type { Reason } from './types.ts';

export const reasonSchema = z.object({
  grant_id: z.string(),
  document_id: z.string().nullable(),
  permission: z.enum(['read', 'edit']),
  expires_at: z.date().nullable(),
  group_id: z.string().nullable(),
  group_name: z.string().nullable(),
  chain: z.array(z.string()),
});

/** The reason, told of `member`, whom a grant without a group names. */
export function toReason(row: z.infer<typeof reasonSchema>, member: { id: string; name: string }): Reason {
  return {
    grantId: row.grant_id,
    on: row.document_id === null ? 'collection' : 'document',
    permission: row.permission,
    to: row.group_id === null ? { kind: 'member', ...member } : { kind: 'group', id: row.group_id, name: row.group_name ?? '' },
    chain: row.chain,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
}

/** Widest first: on the collection before on the document, without an end before with one. */
export function byWeight(left: Reason, right: Reason): number {
  return Number(left.on === 'document') - Number(right.on === 'document')
    || Number(left.permission === 'read') - Number(right.permission === 'read')
    || (left.expiresAt ?? '9').localeCompare(right.expiresAt ?? '9') * -1
    || left.to.name.localeCompare(right.to.name);
}
