/** One collection: its row, a change, its removal once it is empty. */
import { z } from 'zod';
import { readCollection } from '#lib/collections/read.ts';
import { changeCollection, collectionChange, removeCollection } from '#lib/collections/write.ts';
import { json, noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'document:read', params }, async ({ actor, params: { id } }) => json(await readCollection(actor, id)));
export const PATCH = route({ permission: 'collection:manage', params, body: collectionChange }, async ({ actor, params: { id }, body }) =>
  json(await changeCollection(actor, id, body)));
export const DELETE = route({ permission: 'collection:manage', params }, async ({ actor, params: { id } }) => {
  await removeCollection(actor, id);
  return noContent();
});
