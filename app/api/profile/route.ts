/** Who is signed in. */
import { readProfile } from '#lib/auth/profile.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'profile:read' }, async ({ actor }) => json(await readProfile(actor)));
