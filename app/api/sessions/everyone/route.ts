/** Where everybody is signed in, for admins. */
import { readSessionId } from '#lib/auth/session.ts';
import { nameProviders } from '#lib/auth/session-list.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listEveryonesSessions, sessionQuery } from '#lib/members/sessions.ts';

export const GET = route({ permission: 'member:manage', query: sessionQuery }, async ({ actor, query, request }) => {
  const { items, next } = await listEveryonesSessions(actor, query, await readSessionId(request));
  return json({ items: await nameProviders(items), next });
});
