/** Why somebody may read something, in words. Pure. */
import type { Reason } from '#lib/access/types.ts';

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

/** "Reads and edits the collection, through the group Board, until 3 May 2026". The way through several groups is shown beside it. */
export function reasonInWords({ permission, on, to, expiresAt }: Pick<Reason, 'permission' | 'on' | 'to' | 'expiresAt'>): string {
  const right = permission === 'edit' ? 'Reads and edits' : 'Reads';
  const through = to.kind === 'member' ? 'by a grant to them' : `through the group ${to.name}`;
  const end = expiresAt === null ? '' : `, until ${day.format(new Date(expiresAt))}`;
  return `${right} the ${on === 'collection' ? 'whole collection' : 'document itself'}, ${through}${end}`;
}

/** The groups on the way, from the one somebody is in to the one that was granted something; empty where that is the same. */
export function wayThrough({ chain }: Pick<Reason, 'chain'>): string[] {
  return chain.length > 1 ? [...chain] : [];
}
