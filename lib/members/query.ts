/** What can be asked of the lists of members and groups. */
import { z } from 'zod';

export const listQuery = z.object({
  /** Part of a name or e-mail address. */
  q: z.string().trim().max(200).optional(),
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const memberQuery = listQuery.extend({
  /** Members of this group only. */
  group: z.uuid().optional(),
});

export type ListQuery = z.infer<typeof listQuery>;
export type MemberQuery = z.infer<typeof memberQuery>;

/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** A pattern for `ilike` that finds `text` anywhere, taken literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
