/** Ending all sessions of a member. An admin who means themselves keeps the one that asks. */
import { z } from 'zod';
import { readSessionId } from '#lib/auth/session.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { endSessionsOf } from '#lib/members/sessions.ts';

const params = z.object({ id: z.uuid() });

export const DELETE = route({ permission: 'member:manage', params }, async ({ actor, params: { id }, request }) => json({ ended: await endSessionsOf(actor, id, await readSessionId(request)) }));
