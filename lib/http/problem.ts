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
  if (problem.status >= 500) log.error({ requestId, code: problem.code, error: problem.cause ?? problem }, 'a request failed');
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-request-id': requestId });
  if (problem.status === 503 || problem.status === 429) headers.set('retry-after', String(problem.data['retryAfterSeconds'] ?? retryAfterSeconds));
  if (problem.status === 405 && Array.isArray(problem.data['allow'])) headers.set('allow', problem.data['allow'].join(', '));
  const body = {
    type: `urn:attest:problem:${problem.code}`,
    title: problems[problem.code][1],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...problem.data,
  };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}
