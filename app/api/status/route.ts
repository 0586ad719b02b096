/** How the product is doing, for everybody who is signed in. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { readSystemStatus } from '#lib/members/system-status.ts';

export const GET = route({ permission: 'profile:read' }, async ({ actor }) => json(await readSystemStatus(actor)));
