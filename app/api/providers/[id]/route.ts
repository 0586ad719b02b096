/** One identity provider: changing and removing it. */
import { z } from 'zod';
import { changeProvider, providerChange, removeProvider } from '#lib/auth/provider-admin.ts';
import { json, noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.string().max(100) });

export const PATCH = route({ permission: 'provider:manage', params, body: providerChange }, async ({ actor, params: { id }, body }) => json(await changeProvider(actor, id, body)));

export const DELETE = route({ permission: 'provider:manage', params }, async ({ actor, params: { id } }) => {
  await removeProvider(actor, id);
  return noContent();
});
