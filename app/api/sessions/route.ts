/** Where the asking member is signed in. */
import { readSessionId } from '#lib/auth/session.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listSessions } from '#lib/members/sessions.ts';

export const GET = route({ permission: 'profile:read' }, async ({ actor, request }) => json({ items: await listSessions(actor, await readSessionId(request)), next: null }));
