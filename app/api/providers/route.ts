/** Identity providers: all of them, and adding one. */
import { addProvider, listProviderRows, newProvider } from '#lib/auth/provider-admin.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'provider:manage' }, async ({ actor }) => json({ items: await listProviderRows(actor), next: null }));

export const POST = route({ permission: 'provider:manage', body: newProvider }, async ({ actor, body }) => json(await addProvider(actor, body), 201));
