/** One conversation: reading, renaming, deleting. */
import { z } from 'zod';
import { readConversation } from '#lib/conversations/read.ts';
import { deleteConversation, newTitle, renameConversation } from '#lib/conversations/write.ts';
import { json, noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'conversation:keep', params }, async ({ actor, params: { id } }) => json(await readConversation(actor, id)));

export const PATCH = route({ permission: 'conversation:keep', params, body: newTitle }, async ({ actor, params: { id }, body }) => {
  await renameConversation(actor, id, body.title);
  return noContent();
});

export const DELETE = route({ permission: 'conversation:keep', params }, async ({ actor, params: { id } }) => {
  await deleteConversation(actor, id);
  return noContent();
});
