/** Revoking an API key: one's own, or as an admin anybody's. */
import { z } from 'zod';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { revokeKey } from '#lib/keys/write.ts';

const params = z.object({ id: z.uuid() });

export const DELETE = route({ permission: 'profile:read', params }, async ({ actor, params: { id } }) => {
  await revokeKey(actor, id);
  return noContent();
});
