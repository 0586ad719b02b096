/** Asking in the shape of OpenAI's chat completions. The question, its record and its answer are those of any question. */
import { answer } from '#lib/answer/answer.ts';
import { standingOf } from '#lib/auth/standing.ts';
import { Problem } from '#lib/errors.ts';
import { openAiFailure } from '#lib/http/failure-forms.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { eventStream } from '#lib/http/stream.ts';
import { followAnswer } from '../../../_programs/answer.ts';
import { completionChunks, wholeCompletion, type Completion } from './reply.ts';
import { chatLimits, chatRequest, modelId } from './request.ts';

export const POST = route({ permission: 'answer:ask', scopes: ['ask'], body: chatRequest, bodyBytesMax: chatLimits.bytesMax, rateLimit: 'ask', failure: openAiFailure }, async (call) => {
  const { model, question, history } = call.body;
  if (model !== modelId) throw new Problem('not-found', { detail: `There is one model here: ${modelId}.`, data: { param: 'model' } });
  const { actor, request, signal, requestId } = call;
  const steps = followAnswer(await answer(actor, { question, history }, { signal, requestId, stillSignedIn: standingOf(request, actor) }));
  const completion: Completion = { id: `chatcmpl-${requestId}`, created: Math.floor(Date.now() / 1000), request: call.body, requestId };
  return call.body.stream ? eventStream(completionChunks(completion, steps)) : json(await wholeCompletion(completion, steps));
});
