/** Words for what went wrong between us and the identity provider, fit for the audit log: no token, code or state in them. */
import { OutageError } from './bounded-fetch.ts';

/** True when the provider could not be reached or answered as a broken server does, so that trying again may help. */
export function isOutage(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false;
  if (failure instanceof OutageError) return failure.status >= 500;
  // What fetch throws when it gets no answer, or none in time.
  if (failure.name === 'TimeoutError' || (failure instanceof TypeError && failure.message === 'fetch failed')) return true;
  if ('code' in failure && typeof failure.code === 'string' && /^E[A-Z]+$/.test(failure.code)) return true;
  return false;
}

/** What failed, in at most 120 characters. Libraries put the values they compared after the first comma, colon or bracket. */
export function whatFailed(failure: unknown, query: Readonly<Record<string, string>>): string {
  if (query['error'] !== undefined) return `the provider answered ${query['error'].replace(/[^a-z_]/g, '').slice(0, 60)}`;
  if (failure instanceof Error) return (failure.message.split(/[,:([{]/)[0] ?? '').trim().slice(0, 120) || failure.name;
  return 'no sign-in was under way in this browser';
}
