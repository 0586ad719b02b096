/** Why nothing is signed, each with the words that people are shown. */

/** What the signer found: a code for programs, a sentence for people. */
export class SigningProblem extends Error {
  readonly code: SigningProblemCode;
  constructor(code: SigningProblemCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export const signingProblems = [
  'key-missing', 'key-unreadable', 'key-wrong', 'key-other', 'file-unreadable', 'file-not-written', 'file-other',
  'database-older', 'database-other', 'records-missing',
] as const;
export type SigningProblemCode = (typeof signingProblems)[number];

/** Problems that an operator can end with a new key (lib/audit/resume.ts). The others end by themselves once their cause does. */
export const endedByNewKey: readonly SigningProblemCode[] = ['key-missing', 'key-wrong', 'key-other', 'file-other', 'database-older', 'database-other'];

/** Problems that another process with the right files may not have: they are told only where nobody else signs. */
export const ownProblems: readonly SigningProblemCode[] = ['key-missing', 'key-unreadable', 'key-wrong', 'key-other', 'file-unreadable', 'file-not-written', 'file-other'];

const kept = 'Records are still kept, and none is signed';

export const keyMissing = () => new SigningProblem('key-missing', `The file with the signing key of the log is gone (AUDIT_KEY_FILE). ${kept} until it is restored from a backup or an operator starts a new key with npm run audit:resume.`);
export const keyUnreadable = (code: string, cause: unknown) => new SigningProblem('key-unreadable', `The file with the signing key of the log cannot be read (AUDIT_KEY_FILE, ${code}). ${kept} until it can.`, cause);
export const keyWrong = (cause: unknown) => new SigningProblem('key-wrong', `The file AUDIT_KEY_FILE holds no signing key of the log. ${kept} until it is restored from a backup or an operator starts a new key with npm run audit:resume.`, cause);
export const keyOther = () => new SigningProblem('key-other', `The key in AUDIT_KEY_FILE is not the one that this log is signed with. ${kept} until the right one is restored or an operator starts a new key with npm run audit:resume.`);
export const fileUnreadable = (code: string, cause: unknown) => new SigningProblem('file-unreadable', `The file of checkpoints cannot be read (AUDIT_CHECKPOINTS_FILE, ${code}). ${kept} until it can.`, cause);
export const fileNotWritten = (code: string, cause: unknown) => new SigningProblem('file-not-written', `The last checkpoint could not be written to the file of checkpoints (AUDIT_CHECKPOINTS_FILE, ${code}). ${kept} until it can; nothing is lost.`, cause);
export const fileOther = () => new SigningProblem('file-other', `The file of checkpoints (AUDIT_CHECKPOINTS_FILE) belongs to another key. ${kept} until the right file or key is restored or an operator starts a new key with npm run audit:resume.`);
export const databaseOlder = (holds: number, signed: number) => new SigningProblem('database-older', `The log in the database ends after ${count(holds)}, but ${count(signed)} were signed: the database was restored to an older state, or it is another one. ${kept} until an operator has looked into it (docs/audit.md).`);
export const databaseOther = (signed: number) => new SigningProblem('database-other', `The first ${count(signed)} in the database are not those that were signed: records were changed, or the database was restored to an older state and went on. ${kept} until an operator has looked into it (docs/audit.md).`);
export const recordsMissing = (seq: number) => new SigningProblem('records-missing', `Record ${seq.toLocaleString('en')} is missing from the database. ${kept} until an operator has looked into it (docs/audit.md).`);

function count(records: number): string {
  return records === 1 ? '1 record' : `${records.toLocaleString('en')} records`;
}

/** Code of an error of the file system, such as ENOSPC; 'unknown' for anything else. */
export function fileCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
