/** What was read from a version, in reading order. */
import { z } from 'zod';
import { blockQuery, readBlocks } from '#lib/documents/content.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), versionId: z.uuid() });

export const GET = route({ permission: 'document:read', params, query: blockQuery }, async ({ actor, params: { id, versionId }, query }) =>
  json(await readBlocks(actor, { documentId: id, versionId }, query)));
