/** A person opened the page of a document: one record, whatever the page then fetches. */
import { z } from 'zod';
import { openDocument } from '#lib/documents/openings.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });
const query = z.object({ version: z.uuid().optional() });

export const POST = route({ permission: 'document:read', params, query }, async ({ actor, params: { id }, query: { version } }) => {
  await openDocument(actor, id, version);
  return noContent();
});
