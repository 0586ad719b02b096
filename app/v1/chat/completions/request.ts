/**
 * What of OpenAI's chat request can be asked here. The last message is the question and those before it what was said;
 * whatever would have to change the answer and cannot is refused, and what has no effect is named in the answer.
 * Pure: system messages are read and go nowhere, so that no text of a program stands among our rules.
 */
import { z } from 'zod';
import type { Exchange } from '#lib/answer/prompt.ts';

export const chatLimits = {
  /** Chat clients send everything that was said with every question; of it the last exchanges are used. */
  bytesMax: 2 ** 20,
  messagesMax: 2000,
  historyMax: 3,
  /** Of each of them: more than the prompt has room for anyway. */
  saidCharactersMax: 4000,
};
export const modelId = 'attest';

const onlyText = 'must be text, or a list of parts of the type “text”. Images, sound and files cannot be read';
const noTools = 'are not offered: Attest answers from documents and calls nothing';
const content = z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() })).transform((parts) => parts.map((part) => part.text).join('\n'))], onlyText);

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant'], 'must be system, developer, user or assistant. Tools are not offered'),
  content: content.nullish().transform((text) => text ?? ''),
  tool_calls: z.array(z.unknown()).max(0, noTools).nullish(),
});

const shape = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1, 'must hold a question').max(chatLimits.messagesMax, `must not be more than ${chatLimits.messagesMax}`),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, 'must be 1: a question has one answer').nullish(),
  tools: z.array(z.unknown()).max(0, noTools).nullish(),
  functions: z.array(z.unknown()).max(0, noTools).nullish(),
  tool_choice: z.enum(['none', 'auto'], noTools).nullish(),
  function_call: z.enum(['none', 'auto'], noTools).nullish(),
  logprobs: z.literal(false, 'are not offered').nullish(),
  top_logprobs: z.literal(0, 'are not offered').nullish(),
  logit_bias: z.strictObject({}, 'is not offered').nullish(),
  response_format: z.looseObject({ type: z.literal('text', 'must be “text”: answers are text with citations') }).nullish(),
  modalities: z.array(z.literal('text', 'must be “text”')).nullish(),
  audio: z.null('is not offered').optional(),
  prediction: z.null('is not offered').optional(),
  web_search_options: z.null('are not offered: nothing outside the documents is searched').optional(),
});
/** Fields that have their effect, or that say "no" to something that is not offered anyway. */
const understood = new Set(Object.keys(shape.shape));

export interface ChatQuestion {
  model: string;
  question: string;
  /** What was said before, oldest first. */
  history: Exchange[];
  stream: boolean;
  includeUsage: boolean;
  /** Names of what was sent and has no effect. */
  ignored: string[];
}

export const chatRequest = shape.transform((request, context): ChatQuestion => {
  const { messages, model } = request;
  const last = messages.at(-1);
  if (last?.role !== 'user') {
    context.addIssue({ code: 'custom', path: ['messages'], message: 'must end with the question, a message with the role “user”' });
    return z.NEVER;
  }
  return {
    model,
    question: last.content,
    history: readHistory(messages.slice(0, -1)),
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    ignored: [
      ...Object.entries(request).filter(([name, value]) => !understood.has(name) && value !== null && value !== undefined).map(([name]) => name.slice(0, 64)).slice(0, 32),
      ...(messages.some(({ role }) => role === 'system' || role === 'developer') ? ['system messages'] : []),
    ],
  };
});

/** The last questions with what was said to them; of two questions in a row the first has no answer. */
function readHistory(messages: readonly { role: string; content: string }[]): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const { role, content: said } of messages) {
    const last = exchanges.at(-1);
    if (role === 'user') exchanges.push({ question: toText(said), answer: '' });
    else if (role === 'assistant' && last?.answer === '') last.answer = toText(said);
  }
  return exchanges.slice(-chatLimits.historyMax);
}

/** What was said, cut, and without characters that no database holds as text. */
function toText(said: string): string {
  return said.slice(0, chatLimits.saidCharactersMax).toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ' ').trim();
}
