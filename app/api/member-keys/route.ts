/** API keys of all members, for admins. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listMemberKeys, memberKeyQuery } from '#lib/keys/read.ts';

export const GET = route({ permission: 'member:manage', query: memberKeyQuery }, async ({ actor, query }) => json(await listMemberKeys(actor, query)));
