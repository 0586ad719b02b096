/** The one place where a failure becomes a response: problem+json (RFC 9457) with a stable code. */
import { Problem, problems } from '../errors.ts';
import { isUnavailable, sqlState } from '../db/transaction.ts';
import { logger } from '../log.ts';

const log = logger('http');
const retryAfterSeconds = 5;
/** SQLSTATE for a character that the database cannot hold: NUL, which JSON and addresses may carry into any text. */
const notText = '22021';

/** Turns anything thrown into a Problem; what it does not know becomes 'internal' and is logged with its cause. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) return new Problem('database-unavailable', { cause: error });
  if (sqlState(error) === notText) return new Problem('invalid-input', { detail: 'Some of what was sent contains characters that are not text.', cause: error });
  return new Problem('internal', { cause: error });
}

/** The response for a failure. Logs what is the server's fault; what a caller did wrong is in the audit log where it matters. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const body = {
    type: `urn:attest:problem:${problem.code}`,
    title: problems[problem.code][1],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...problem.data,
  };
  return failureResponse(problem, requestId, { type: 'application/problem+json', status: problem.status, body });
}

/** A failure told in any form: what every form shares is logged and put into headers here. */
export function failureResponse(problem: Problem, requestId: string, told: { type: string; status: number; body: object }): Response {
  if (problem.status >= 500) log.error({ requestId, code: problem.code, error: problem.cause ?? problem }, 'a request failed');
  const headers = new Headers({ 'content-type': told.type, 'cache-control': 'no-store', 'x-request-id': requestId });
  if (problem.code === 'key-refused' || problem.code === 'scope-missing') headers.set('www-authenticate', challengeOf(problem));
  if (problem.status === 503 || problem.status === 429) headers.set('retry-after', String(problem.data['retryAfterSeconds'] ?? retryAfterSeconds));
  if (problem.status === 405 && Array.isArray(problem.data['allow'])) headers.set('allow', problem.data['allow'].join(', '));
  return new Response(JSON.stringify(told.body), { status: told.status, headers });
}

/** How to ask again, as RFC 6750 section 3 says it. */
function challengeOf({ code, data }: Problem): string {
  const scopes = Array.isArray(data['scopes']) ? `, scope="${data['scopes'].join(' ')}"` : '';
  return `Bearer realm="Attest", error="${code === 'scope-missing' ? 'insufficient_scope' : 'invalid_token'}"${scopes}`;
}
