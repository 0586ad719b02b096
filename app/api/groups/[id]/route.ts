/** One group: marking it as sensitive, and its removal. */
import { z } from 'zod';
import { isProposed } from '#lib/access/propose.ts';
import { groupMark, markGroup } from '#lib/groups/mark.ts';
import { removeGroup } from '#lib/groups/write.ts';
import { json, noContent, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const PATCH = route({ permission: 'member:manage', params, body: groupMark }, async ({ actor, params: { id }, body }) => {
  const outcome = await markGroup(actor, id, body);
  return isProposed(outcome) ? proposed(outcome) : json(outcome);
});

export const DELETE = route({ permission: 'member:manage', params }, async ({ actor, params: { id } }) => {
  await removeGroup(actor, id);
  return noContent();
});
