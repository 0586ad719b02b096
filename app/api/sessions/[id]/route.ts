/** Ending a session: one's own, or as an admin anybody's. */
import { z } from 'zod';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { endSession } from '#lib/members/sessions.ts';

const params = z.object({ id: z.uuid() });

export const DELETE = route({ permission: 'profile:read', params }, async ({ actor, params: { id } }) => {
  await endSession(actor, id);
  return noContent();
});
