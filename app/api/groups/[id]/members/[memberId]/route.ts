/** One member in one group. */
import { z } from 'zod';
import { addToGroup, removeFromGroup } from '#lib/groups/write.ts';
import { noContent, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), memberId: z.uuid() });

export const PUT = route({ permission: 'member:manage', params }, async ({ actor, params: { id, memberId } }) => {
  const waiting = await addToGroup(actor, id, memberId);
  return waiting === undefined ? noContent() : proposed(waiting);
});

export const DELETE = route({ permission: 'member:manage', params }, async ({ actor, params: { id, memberId } }) => {
  await removeFromGroup(actor, id, memberId);
  return noContent();
});
