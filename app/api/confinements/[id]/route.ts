/** Releasing a collection or document from a sensitive group, which always takes two. */
import { z } from 'zod';
import { releaseConfinement } from '#lib/collections/confinements.ts';
import { proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

export const DELETE = route({ permission: 'grant:manage', params }, async ({ actor, params: { id } }) => proposed(await releaseConfinement(actor, id)));
