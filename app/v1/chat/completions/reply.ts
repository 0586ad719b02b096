/** An answer in the shapes of OpenAI's chat completions, whole and in chunks. Ours beside it stands in the field `attest`. */
import { Problem } from '#lib/errors.ts';
import { openAiError } from '#lib/http/failure-forms.ts';
import { asProblem } from '#lib/http/problem.ts';
import type { Step } from '../../../_programs/answer.ts';
import { modelId, type ChatQuestion } from './request.ts';

/** What is the same in every chunk, and in the whole. */
export interface Completion {
  /** Made from the request's id. */
  id: string;
  /** Seconds since 1970. */
  created: number;
  request: Pick<ChatQuestion, 'includeUsage' | 'ignored'>;
  requestId: string;
}

type End = Extract<Step, { kind: 'end' }>;

/** The whole answer. Throws the Problem with which it broke off. */
export async function wholeCompletion({ id, created, request }: Completion, steps: AsyncIterable<Step>): Promise<object> {
  for await (const step of steps) {
    if (step.kind !== 'end') continue;
    const message = { role: 'assistant', content: step.text, refusal: null };
    return {
      id,
      object: 'chat.completion',
      created,
      model: modelId,
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      ...(step.tokens === null ? {} : { usage: usageOf(step) }),
      attest: { ...step.answer, ignored: request.ignored },
    };
  }
  throw new Problem('answer-interrupted');
}

/** The same piece by piece. A failure is an error object and no `[DONE]`: what came before it is no answer. */
export async function* completionChunks(completion: Completion, steps: AsyncIterable<Step>): AsyncGenerator<object | string, void, undefined> {
  const { id, created, request } = completion;
  const chunk = (delta: object, finish: 'stop' | null = null) => ({ id, object: 'chat.completion.chunk', created, model: modelId, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  yield chunk({ role: 'assistant', content: '' });
  try {
    let hasText = false;
    for await (const step of steps) {
      // What was sent cannot be taken back, so an answer that begins anew would be read as one with what is none of it.
      if (step.kind === 'anew' && hasText) throw new Problem('answer-interrupted', { detail: 'The model went away while it was writing. What came so far is no answer; ask again.' });
      if (step.kind === 'text') {
        hasText = true;
        yield chunk({ content: step.text });
      }
      if (step.kind !== 'end') continue;
      yield { ...chunk({}, 'stop'), attest: { ...step.answer, ignored: request.ignored } };
      if (request.includeUsage) yield { ...chunk({}), choices: [], usage: step.tokens === null ? null : usageOf(step) };
      yield '[DONE]';
    }
  } catch (error) {
    yield { error: openAiError(asProblem(error), completion.requestId) };
  }
}

function usageOf({ tokens }: End): object | null {
  return tokens === null ? null : { prompt_tokens: tokens.prompt, completion_tokens: tokens.completion, total_tokens: tokens.prompt + tokens.completion };
}
