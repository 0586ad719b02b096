/** Records in words. Pure. */
import { auditEvents, type AuditOutcome, type RecordRow } from '#lib/audit/types.ts';

export const outcomeWords: Record<AuditOutcome, string> = {
  done: 'done',
  refused: 'refused',
  failed: 'failed',
  answered: 'answered',
  quoted: 'quoted',
  abstained: 'not in the documents',
  stopped: 'stopped',
};

export type Tone = 'neutral' | 'ok' | 'weak' | 'bad';

/** Colour of an outcome; the word stands beside it always. */
export const outcomeTones: Record<AuditOutcome, Tone> = {
  done: 'neutral',
  answered: 'ok',
  quoted: 'ok',
  abstained: 'weak',
  stopped: 'weak',
  refused: 'bad',
  failed: 'bad',
};

/** "Opened a document: Leave policy" */
export function actInWords(record: RecordRow): string {
  const words = auditEvents[record.event];
  return record.subjectName === null || record.subjectName === '' ? words : `${words}: ${record.subjectName}`;
}

/** Who acted, and by which API key. Parts of the product act under their own names. */
export function actorInWords(record: RecordRow): string {
  const { key } = record;
  return key === null ? whoseName(record) : `${whoseName(record)} through the API key “${key.name}”`;
}

function whoseName(record: RecordRow): string {
  if (record.actorName !== null) return record.actorName;
  if (record.actorId !== null) return 'A former member';
  if (record.actorRole === 'ingest') return 'Ingestion';
  if (record.actorRole === 'sign-in') return 'Nobody signed in';
  if (record.actorRole === 'scim') return 'A directory';
  return 'Attest';
}

/** 12,345 */
export function countInWords(total: number, exact: boolean): string {
  const number = total.toLocaleString('en');
  if (!exact) return `More than ${number} records`;
  return total === 1 ? '1 record' : `${number} records`;
}

/** What is wrong with a range of records to export; null: nothing. `signed`: the last record that can be. */
export function rangeProblem(first: string, last: string, signed: number): string | null {
  const [from, to] = [first, last].map((text) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : -1));
  if (from === undefined || to === undefined || from < 0 || to < 0) return 'Both are numbers of records.';
  if (from > to) return 'The first record comes after the last.';
  return to > signed ? `Signed are the records up to ${signed.toLocaleString('en')}. Later ones can be exported within a minute.` : null;
}

/** Start of a stretch of time, as the filter writes it; null: no limit. */
export const periods = {
  all: { label: 'Any time', days: null },
  day: { label: 'Last 24 hours', days: 1 },
  week: { label: 'Last 7 days', days: 7 },
  month: { label: 'Last 30 days', days: 30 },
  quarter: { label: 'Last 90 days', days: 90 },
} as const;
export type Period = keyof typeof periods;

export function isPeriod(value: string): value is Period {
  return value in periods;
}

/** ISO time at which the period starts, counted back from `now` and cut to the minute so that the address stays the same for a while. */
export function periodStart(period: Period, now: Date): string | null {
  const { days } = periods[period];
  if (days === null) return null;
  const start = new Date(now.getTime() - days * 86_400_000);
  start.setSeconds(0, 0);
  return start.toISOString();
}
