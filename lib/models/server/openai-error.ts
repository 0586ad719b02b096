/** A failure as OpenAI clients expect it, with our own stable code in `code`. */
import { Problem } from '#lib/errors.ts';

export type OpenAiError = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: Readonly<{ error: Readonly<Record<string, unknown>> }> }>;

/** Statuses that OpenAI clients expect where ours differ: they call every unusable input 400. */
const statuses: Readonly<Partial<Record<string, number>>> = { 'invalid-input': 400 };

/** Anything that is not a `Problem` says nothing outside. */
export function toOpenAiError(error: unknown): OpenAiError {
  const problem = error instanceof Problem ? error : new Problem('internal', { detail: 'Something failed in the models process. Its log says more.' });
  const status = statuses[problem.code] ?? problem.status;
  const type = status === 401 ? 'authentication_error' : status < 500 ? 'invalid_request_error' : 'server_error';
  const retryAfter = problem.data.retryAfterSeconds;
  return {
    status,
    headers: typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {},
    body: { error: { ...problem.data, message: problem.message, type, param: null, code: problem.code } },
  };
}
