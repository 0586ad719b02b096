/** Where the asking member is signed in, and ending that everywhere but here. */
import { readSessionId } from '#lib/auth/session.ts';
import { nameProviders } from '#lib/auth/session-list.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { endSessionsOf, listSessions } from '#lib/members/sessions.ts';

export const GET = route({ permission: 'profile:read' }, async ({ actor, request }) => json({ items: await nameProviders(await listSessions(actor, await readSessionId(request))), next: null }));

export const DELETE = route({ permission: 'profile:read' }, async ({ actor, request }) => json({ ended: await endSessionsOf(actor, actor.id, await readSessionId(request)) }));
