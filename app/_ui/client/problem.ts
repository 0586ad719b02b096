/** A failed request as the browser knows it: the server's problem+json, or one of two of our own ("offline", "unreadable-answer"). */

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** Stable code of lib/errors.ts, or "offline", or "unreadable-answer". */
  readonly code: string;
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number;
  readonly detail: string;
  /** Finds the request in the server's log; null when none was given. */
  readonly requestId: string | null;
  /** Further members of the server's problem: the state that somebody else saved, the document that is there already. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(problem: { code: string; status: number; detail: string; requestId: string | null; data?: Record<string, unknown>; cause?: unknown }) {
    super(problem.detail, problem.cause === undefined ? undefined : { cause: problem.cause });
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.requestId = problem.requestId;
    this.data = problem.data ?? {};
  }
}

/** True for a ProblemError with that code. */
export function isProblem(error: unknown, code: string): error is ProblemError {
  return error instanceof ProblemError && error.code === code;
}

/** What to say to a person about anything thrown. */
export function describeFailure(error: unknown): { detail: string; requestId: string | null } {
  if (error instanceof ProblemError) return { detail: error.detail, requestId: error.requestId };
  return { detail: 'Something failed in this page. Nothing you typed was lost; try again.', requestId: null };
}
