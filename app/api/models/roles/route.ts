/** Which model file serves a role. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { chooseModel } from '#lib/models/choose.ts';
import { modelChoice } from '#lib/models/model-choice.ts';

export const PUT = route({ permission: 'model:manage', body: modelChoice }, async ({ actor, body }) => json(await chooseModel(actor, body)));
