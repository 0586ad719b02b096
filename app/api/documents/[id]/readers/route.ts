/** Who can read a document, and why. */
import { z } from 'zod';
import { explainQuery, whoCanRead } from '#lib/access/explain.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'document:read', params, query: explainQuery }, async ({ actor, params: { id }, query }) => json(await whoCanRead(actor, id, query)));
