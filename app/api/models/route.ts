/** What the models process says about itself, for admins. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { modelsStatus } from '#lib/models/client.ts';

export const GET = route({ permission: 'model:manage' }, async () => json(await modelsStatus()));
