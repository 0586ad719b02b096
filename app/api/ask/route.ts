/** Asking: a question in, a stream of lib/answer/events.ts AnswerEvent out. */
import { z } from 'zod';
import { answer } from '#lib/answer/answer.ts';
import { standingOf } from '#lib/auth/standing.ts';
import { route } from '#lib/http/route.ts';
import { eventStream } from '#lib/http/stream.ts';

const body = z.object({
  /** Left out when a question is answered again. Its length and characters are judged in lib/answer/question.ts. */
  question: z.string().default(''),
  conversationId: z.uuid().optional(),
  scope: z.array(z.uuid()).max(500).optional(),
  regenerate: z.uuid().optional(),
}).refine((input) => input.regenerate === undefined || input.conversationId !== undefined, 'To answer a question again, name its conversation.');

export const POST = route({ permission: 'answer:ask', body, rateLimit: 'ask' }, async ({ actor, body: input, request, signal, requestId }) =>
  eventStream(await answer(actor, input, { signal, requestId, stillSignedIn: standingOf(request, actor) })));
