/** What the routes about API keys answer, checked in the browser. */
import { z } from 'zod';
import { keyScopes } from '#lib/actor.ts';
import type { KeyRow, MadeKey, MemberKeyRow } from '#lib/keys/types.ts';

export const keyRow = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  state: z.enum(['active', 'ended', 'revoked']),
}) satisfies z.ZodType<KeyRow>;

export const madeKey = keyRow.extend({ key: z.string() }) satisfies z.ZodType<MadeKey>;

export const memberKeyRow = keyRow.extend({
  member: z.object({ id: z.string(), name: z.string(), email: z.string(), disabled: z.boolean() }),
}) satisfies z.ZodType<MemberKeyRow>;
