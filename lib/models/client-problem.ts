/** Turns whatever a call to the model server throws into a `Problem` with a calm sentence. Aborts stay aborts. */
import { z } from 'zod';
import { Problem, type ProblemCode } from '#lib/errors.ts';

/** Codes of the models process that mean the same to our callers; every other failure is `model-unavailable`. */
const passedOn: readonly ProblemCode[] = ['model-busy', 'context-exceeded', 'model-unsuitable', 'model-file-invalid', 'not-found', 'disk-full'];

const shape = z.object({
  status: z.number().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  error: z.object({ message: z.string() }).optional().catch(undefined),
});

/** A `Problem`, or the error itself when it is an abort that the caller asked for. */
export function toModelProblem(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof Problem || signal?.aborted) return error;
  const { status, code, name, error: body } = shape.safeParse(error).data ?? {};
  const message = body?.message;
  const known = passedOn.find((one) => one === code);
  if (known !== undefined) return new Problem(known, { ...(message === undefined ? {} : { detail: message }), cause: error });
  if (code === 'context_length_exceeded' || name === 'ContextOverflowError') return new Problem('context-exceeded', { cause: error });
  if (status === 429) return new Problem('model-busy', { cause: error });
  if (code === 'model-unavailable' && message !== undefined) return new Problem('model-unavailable', { detail: message, cause: error });
  if (status === 401 || status === 403) return new Problem('model-unavailable', { detail: 'The model server refused our key. An admin can correct MODELS_KEY.', cause: error });
  if (name === 'TimeoutError') return new Problem('model-unavailable', { detail: 'The model server took too long to answer.', cause: error });
  return new Problem('model-unavailable', { cause: error });
}
