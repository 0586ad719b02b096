/** Which model file serves a role. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { chooseModel, modelChoice } from '#lib/models/choose.ts';

export const PUT = route({ permission: 'model:manage', body: modelChoice }, async ({ actor, body }) => json(await chooseModel(actor, body)));
