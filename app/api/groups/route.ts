/** The list of groups, and a new one. */
import { listGroups } from '#lib/groups/read.ts';
import { addGroup, groupInput } from '#lib/groups/write.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listQuery } from '#lib/members/query.ts';

export const GET = route({ permission: 'member:manage', query: listQuery }, async ({ actor, query }) => json(await listGroups(actor, query)));
export const POST = route({ permission: 'member:manage', body: groupInput }, async ({ actor, body }) => json(await addGroup(actor, body), 201));
