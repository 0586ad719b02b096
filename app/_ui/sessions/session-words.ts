/** How long a session lasts, in words. */

/** "12 hours", "45 minutes", "2 days", "an hour" */
export function spanInWords(minutes: number): string {
  if (minutes >= 48 * 60 && minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} days`;
  if (minutes === 60) return 'an hour';
  if (minutes > 60 && minutes % 60 === 0) return `${minutes / 60} hours`;
  return minutes === 1 ? 'a minute' : `${Math.round(minutes)} minutes`;
}
