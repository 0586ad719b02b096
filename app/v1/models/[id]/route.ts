/** One model by its name. */
import { z } from 'zod';
import { Problem } from '#lib/errors.ts';
import { openAiFailure } from '#lib/http/failure-forms.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { describeModel } from '../model.ts';

const params = z.object({ id: z.string() });

export const GET = route({ permission: 'answer:ask', scopes: ['ask'], params, failure: openAiFailure }, ({ params: { id } }) => {
  const model = describeModel();
  if (id !== model.id) throw new Problem('not-found', { detail: `There is one model here: ${model.id}.`, data: { param: 'model' } });
  return Promise.resolve(json(model));
});
