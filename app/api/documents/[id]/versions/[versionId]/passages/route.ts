/** The passages that a version was cut into. */
import { z } from 'zod';
import { passageQuery, readPassages } from '#lib/documents/content.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), versionId: z.uuid() });

export const GET = route({ permission: 'document:read', params, query: passageQuery }, async ({ actor, params: { id, versionId }, query }) =>
  json(await readPassages(actor, { documentId: id, versionId }, query)));
