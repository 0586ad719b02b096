/** Who may read or edit a collection. Row-level security shows members their own grants, admins and compliance all. */
import { z } from 'zod';
import { isProposed } from '#lib/access/propose.ts';
import { addGrant, listGrants, newGrant } from '#lib/collections/grants.ts';
import { json, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'document:read', params }, async ({ actor, params: { id } }) => json({ items: await listGrants(actor, id) }));
export const POST = route({ permission: 'grant:manage', params, body: newGrant }, async ({ actor, params: { id }, body }) => {
  const outcome = await addGrant(actor, id, body);
  return isProposed(outcome) ? proposed(outcome) : json(outcome, 201);
});
