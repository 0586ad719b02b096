/** The list of members. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { memberQuery } from '#lib/members/query.ts';
import { listMembers } from '#lib/members/read.ts';

export const GET = route({ permission: 'member:manage', query: memberQuery }, async ({ actor, query }) => json(await listMembers(actor, query)));
