/** Programs that may provision members and groups: the list, and making one. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listScimClients, makeScimClient, newScimClient } from '#lib/scim/clients.ts';

export const GET = route({ permission: 'provisioning:manage' }, async ({ actor }) => json({ items: await listScimClients(actor), next: null }));

export const POST = route({ permission: 'provisioning:manage', body: newScimClient }, async ({ actor, body }) => json(await makeScimClient(actor, body), 201));
