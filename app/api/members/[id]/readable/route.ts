/** What a member can read, and why. */
import { z } from 'zod';
import { explainQuery, whatCanRead } from '#lib/access/explain.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'profile:read', params, query: explainQuery }, async ({ actor, params: { id }, query }) => json(await whatCanRead(actor, id, query)));
