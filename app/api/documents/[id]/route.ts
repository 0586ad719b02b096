/** One document with its versions: reading, another title, deletion. */
import { z } from 'zod';
import { deleteDocument, retitleDocument } from '#lib/documents/change.ts';
import { readDocument } from '#lib/documents/read.ts';
import { json, noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });
const body = z.strictObject({ title: z.string().max(300, 'is longer than 300 characters') });

export const GET = route({ permission: 'document:read', params }, async ({ actor, params: { id } }) => json(await readDocument(actor, id)));
export const PATCH = route({ permission: 'document:edit', params, body }, async ({ actor, params: { id }, body: { title } }) => json(await retitleDocument(actor, id, title)));
export const DELETE = route({ permission: 'document:edit', params }, async ({ actor, params: { id } }) => {
  await deleteDocument(actor, id);
  return noContent();
});
