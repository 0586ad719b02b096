/** One group inside another. */
import { z } from 'zod';
import { nestGroup, unnestGroup } from '#lib/groups/nest.ts';
import { noContent, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), innerId: z.uuid() });

export const PUT = route({ permission: 'member:manage', params }, async ({ actor, params: { id, innerId } }) => {
  const waiting = await nestGroup(actor, { inner: innerId, outer: id });
  return waiting === undefined ? noContent() : proposed(waiting);
});

export const DELETE = route({ permission: 'member:manage', params }, async ({ actor, params: { id, innerId } }) => {
  await unnestGroup(actor, { inner: innerId, outer: id });
  return noContent();
});
