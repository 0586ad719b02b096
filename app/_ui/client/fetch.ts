/**
 * The one way the browser speaks to the product: JSON in, JSON out, checked with zod, failures as ProblemError.
 * A 401 is also announced to the frame (see signed-out.ts), which offers to sign in again over the page as it is; so is
 * a refusal that takes a newer sign-in (sign-in-again.ts).
 */
import { z } from 'zod';
import { ProblemError } from './problem.ts';
import { ProposedInstead } from './proposed.ts';
import { announceSignInAgain, signInAgainCode } from './sign-in-again.ts';
import { announceSignedOut } from './signed-out.ts';

const problemBody = z.looseObject({ code: z.string(), detail: z.string(), requestId: z.string().optional() });

export interface RequestOptions<Answer> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  /** What a good answer looks like. Leave out for 204 and for answers nobody reads. */
  schema?: z.ZodType<Answer>;
  signal?: AbortSignal;
  /** The page asks by itself and not because a person did something; it does not keep their sign-in from ending for idleness. */
  unattended?: boolean;
}

/** Sends a request to one of our own paths. Throws ProblemError, ProposedInstead when a second admin has to agree first; an AbortError when `signal` fires. */
export async function request<Answer = void>(path: string, options: RequestOptions<Answer> = {}): Promise<Answer> {
  const response = await send(path, options);
  if (!response.ok) throw await readProblem(response);
  if (response.status === 202) throw new ProposedInstead();
  const answer: unknown = options.schema === undefined ? undefined : await response.json().catch(() => undefined);
  const parsed = (options.schema ?? anything<Answer>()).safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: 'unreadable-answer',
    status: response.status,
    detail: 'The server answered in a way this page does not understand. Reload the page; it may be older than the server.',
    requestId: response.headers.get('x-request-id'),
    cause: parsed.error,
  });
}

/** The raw exchange behind `request`, for streams and files. Never resolves to a network failure: that is thrown as "offline". */
export async function send(path: string, options: Pick<RequestOptions<never>, 'method' | 'body' | 'signal' | 'unattended'> & { accept?: string }): Promise<Response> {
  const headers: Record<string, string> = { accept: options.accept ?? 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.unattended === true) headers['x-attest-unattended'] = '1';
  try {
    return await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offline(error);
  }
}

/** "No connection", in words for people. */
export function offline(cause: unknown): ProblemError {
  const detail = navigator.onLine
    ? 'The server cannot be reached right now. What you typed is kept; try again in a moment.'
    : 'You are offline. What you typed is kept; try again when the connection is back.';
  return new ProblemError({ code: 'offline', status: 0, detail, requestId: null, cause });
}

/** Reads a failed response's problem+json; also tells the frame when the sign-in has ended. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => undefined);
  return problemFrom({ status: response.status, body, requestId: response.headers.get('x-request-id') });
}

/** The same for an exchange that was not made with `fetch` (uploads, which show how far they are). */
export function problemFrom({ status, body, requestId }: { status: number; body: unknown; requestId: string | null }): ProblemError {
  const known = problemBody.safeParse(body).data;
  const problem = new ProblemError({
    code: known?.code ?? 'internal',
    status,
    detail: known?.detail ?? 'Something failed on the server. Try again in a moment.',
    requestId: known?.requestId ?? requestId,
    ...(known === undefined ? {} : { data: known }),
  });
  if (status === 401) announceSignedOut();
  if (problem.code === signInAgainCode) announceSignInAgain();
  return problem;
}

// Without a schema nobody looks at the answer; its type is then void by default.
function anything<Answer>(): z.ZodType<Answer> {
  return z.custom<Answer>(() => true);
}
