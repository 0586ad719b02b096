/** Words for what went wrong between us and the identity provider, fit for the audit log: no token, code or state in them. */

/** True when the provider could not be reached or answered as a broken server does, so that trying again may help. */
export function isOutage(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false;
  if ('code' in failure && typeof failure.code === 'string' && /^E[A-Z]+$/.test(failure.code)) return true;
  return /timed out|socket hang up|expected 200 OK, got: 5\d\d/.test(failure.message);
}

/** What failed, in at most 120 characters. openid-client puts the values it compared after the first comma, colon or bracket. */
export function whatFailed(failure: unknown, query: Readonly<Record<string, string>>): string {
  if (query['error'] !== undefined) return `the provider answered ${query['error'].replace(/[^a-z_]/g, '').slice(0, 60)}`;
  if (failure instanceof Error) return (failure.message.split(/[,:([{]/)[0] ?? '').trim().slice(0, 120) || failure.name;
  return 'no sign-in was under way in this browser';
}
