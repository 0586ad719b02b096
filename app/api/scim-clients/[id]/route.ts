/** Revoking a program that may provision. */
import { z } from 'zod';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { revokeScimClient } from '#lib/scim/clients.ts';

export const DELETE = route({ permission: 'provisioning:manage', params: z.object({ id: z.uuid() }) }, async ({ actor, params }) => {
  await revokeScimClient(actor, params.id);
  return noContent();
});
