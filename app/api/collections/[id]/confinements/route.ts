/** The sensitive groups that a collection and its documents are confined to. */
import { z } from 'zod';
import { listConfinements } from '#lib/collections/confinements.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'grant:manage', params }, async ({ actor, params: { id } }) => json({ items: await listConfinements(actor, id) }));
