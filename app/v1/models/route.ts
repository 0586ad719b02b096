/** The models that can be asked, in OpenAI's shape: one, which answers from the documents, whichever model file writes. */
import { openAiFailure } from '#lib/http/failure-forms.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { describeModel } from './model.ts';

export const GET = route({ permission: 'answer:ask', scopes: ['ask'], failure: openAiFailure }, () => Promise.resolve(json({ object: 'list', data: [describeModel()] })));
