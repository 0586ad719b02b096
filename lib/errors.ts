/**
 * Every failure that a person or a program can be told about, as one closed list.
 * A failure is thrown where it is known and turned into an answer in one place,
 * `lib/http/problem.ts` (RFC 9457). Anything that is not a `Problem` says nothing outside
 * and everything in the log.
 */

/** Stable code -> HTTP status and the sentence shown when no better detail is given. */
export const problems = {
  'sign-in-required': [401, 'Sign in to continue.'],
  'sign-in-again': [403, 'This takes a sign-in of the last ten minutes. Nothing was changed; sign in again and repeat it.'],
  'not-permitted': [403, 'Your role does not allow this.'],
  'key-refused': [401, 'This API key is unknown, has ended or was revoked.'],
  'scope-missing': [403, 'This API key was not made for that.'],
  'cross-site-request': [403, 'This request came from another site and was not carried out.'],
  'not-found': [404, 'This does not exist, or you may not see it.'],
  'method-not-allowed': [405, 'This address does not take that kind of request.'],
  'edit-conflict': [409, 'Someone else changed this in the meantime. Reload and try again.'],
  'already-exists': [409, 'Something with this name already exists here.'],
  'group-cycle': [409, 'These groups would stand inside each other.'],
  'question-in-progress': [409, 'This conversation is still answering your last question.'],
  'malformed-request': [400, 'The request could not be read.'],
  'invalid-input': [422, 'Some of what was sent cannot be used.'],
  'question-empty': [422, 'Write a question first.'],
  'question-too-long': [422, 'The question is too long.'],
  'question-not-text': [422, 'The question contains characters that are not text.'],
  'file-empty': [422, 'The file is empty (0 bytes).'],
  'file-too-large': [413, 'The file is larger than this installation accepts.'],
  'file-incomplete': [400, 'The upload broke off before the whole file arrived. Nothing was kept.'],
  'file-type-unsupported': [415, 'This kind of file cannot be read.'],
  'file-type-mismatch': [415, 'The contents of the file are not what its name says.'],
  'file-encrypted': [422, 'The file is protected by a password and cannot be read.'],
  'file-damaged': [422, 'The file is damaged or cut off and cannot be read.'],
  'file-no-text': [422, 'No text was found in the file. If it is a scan, run text recognition on it first.'],
  'file-too-complex': [422, 'Reading the file took more time or memory than is allowed.'],
  'body-too-large': [413, 'The request is too large.'],
  'too-many-requests': [429, 'Too many requests. Wait a moment and try again.'],
  'model-file-invalid': [422, 'The model file is damaged, cut off or not a GGUF model.'],
  'model-unsuitable': [422, 'This model cannot be used for that role.'],
  'context-exceeded': [400, 'The text is longer than the model can read at once.'],
  'model-busy': [503, 'The model has more questions waiting than it takes on. Try again shortly.'],
  'model-unavailable': [503, 'The model server does not answer.'],
  'identity-provider-unavailable': [503, 'The identity provider does not answer. Try again shortly.'],
  'database-unavailable': [503, 'The database does not answer. Nothing was lost; try again shortly.'],
  'record-not-written': [503, 'The audit record could not be written, so the request was not carried out.'],
  'answer-interrupted': [503, 'The answer was interrupted. Your question was kept; ask again to repeat it.'],
  'disk-full': [507, 'There is no room left to store the file.'],
  'internal': [500, 'Something failed on the server. The reference below finds it in the log.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ProblemCode = keyof typeof problems;

/** A failure with a stable code. `detail` is shown to people; `cause` goes to the log only. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  /** Extra members of the problem+json body; must hold nothing secret. */
  readonly data: Readonly<Record<string, unknown>>;
  override readonly name = 'Problem';

  constructor(code: ProblemCode, options: { detail?: string; data?: Record<string, unknown>; cause?: unknown } = {}) {
    super(options.detail ?? problems[code][1], options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = problems[code][0];
    this.data = options.data ?? {};
  }
}

/** True for a `Problem` with that code. */
export function isProblem(error: unknown, code: ProblemCode): error is Problem {
  return error instanceof Problem && error.code === code;
}
