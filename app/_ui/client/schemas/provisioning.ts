/** What the routes about provisioning clients answer, checked in the browser. */
import { z } from 'zod';
import type { MadeScimClient, ScimClientRow } from '#lib/scim/types.ts';

export const scimClientRow = z.object({
  id: z.string(),
  name: z.string(),
  adminRole: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
}) satisfies z.ZodType<ScimClientRow>;

export const madeScimClient = scimClientRow.extend({ token: z.string() }) satisfies z.ZodType<MadeScimClient>;
