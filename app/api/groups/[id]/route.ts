/** Removing a group. */
import { z } from 'zod';
import { removeGroup } from '#lib/groups/write.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const DELETE = route({ permission: 'member:manage', params }, async ({ actor, params: { id } }) => {
  await removeGroup(actor, id);
  return noContent();
});
