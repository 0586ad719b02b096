/** One grant: a change, its removal. Both name the revision they were decided on. */
import { z } from 'zod';
import { isProposed } from '#lib/access/propose.ts';
import { changeGrant, grantChange, removeGrant } from '#lib/collections/grants.ts';
import { json, noContent, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });
const query = z.object({ revision: z.coerce.number().int() });

export const PATCH = route({ permission: 'grant:manage', params, body: grantChange }, async ({ actor, params: { id }, body }) => {
  const outcome = await changeGrant(actor, id, body);
  return isProposed(outcome) ? proposed(outcome) : json(outcome);
});
export const DELETE = route({ permission: 'grant:manage', params, query }, async ({ actor, params: { id }, query: { revision } }) => {
  await removeGrant(actor, id, revision);
  return noContent();
});
