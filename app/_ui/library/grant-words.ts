/** Grants in words, and the ends of grants as days. Pure. */
import type { Grant, GrantPermission } from '#lib/collections/types.ts';

export const permissionWords: Record<GrantPermission, string> = { read: 'May read', edit: 'May read and edit' };

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

/** "No end", "until 3 May 2026", "ended 3 May 2026". */
export function endInWords(expiresAt: string | null, now: Date): string {
  if (expiresAt === null) return 'No end';
  const end = new Date(expiresAt);
  return `${end <= now ? 'Ended' : 'Until'} ${day.format(end)}`;
}

/** "may read, no end": for sentences about what somebody else saved. */
export function grantInWords({ permission, expiresAt }: Pick<Grant, 'permission' | 'expiresAt'>, now: Date): string {
  const words = `${permissionWords[permission]}, ${endInWords(expiresAt, now)}`;
  return words.replaceAll(/\b(May (?=read)|No|Until|Ended)/gu, (word) => word.toLowerCase());
}

/** The day of an end for a date field, in the reader's own zone; empty for none. */
export function dayOf(expiresAt: string | null): string {
  if (expiresAt === null) return '';
  const end = new Date(expiresAt);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${end.getFullYear()}-${two(end.getMonth() + 1)}-${two(end.getDate())}`;
}

/** The last moment of that day in the reader's own zone, as ISO 8601; null for no day, or for none that exists. */
export function endOf(dayTyped: string): string | null {
  const end = new Date(`${dayTyped}T23:59:59.999`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}
