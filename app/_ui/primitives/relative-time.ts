/** Times as people say them. Pure: the moment "now" is passed in. */

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "just now", "5 minutes ago", "in 2 days". `locale` decides the language of the numbers' words. */
export function relativeTime(at: Date, now: Date, locale = 'en'): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
  }
  return seconds > 30 ? 'in a moment' : 'just now';
}

/** "23 November 2026 at 10:04:11 GMT+1": the exact moment, in the reader's own zone unless one is given. */
export function exactTime(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long', ...(timeZone === undefined ? {} : { timeZone }) }).format(at);
}

/** "23 Nov 2026, 10:04:11" in the reader's own zone: for columns in which many moments are compared. */
export function clockTime(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', ...(timeZone === undefined ? {} : { timeZone }) }).format(at);
}

/** The heading a moment stands under in a history: Today, Yesterday, Last 7 days, else its month. */
export function dayHeading(at: Date, now: Date): string {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Last 7 days';
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat('en-GB', sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' }).format(at);
}
