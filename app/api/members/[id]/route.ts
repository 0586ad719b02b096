/** One member's role, and whether they may use the product. */
import { z } from 'zod';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { changeMember, memberChange } from '#lib/members/write.ts';

const params = z.object({ id: z.uuid() });

export const PATCH = route({ permission: 'member:manage', params, body: memberChange }, async ({ actor, params: { id }, body }) => json(await changeMember(actor, id, body)));
