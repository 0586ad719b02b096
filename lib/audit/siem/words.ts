/** How delivery to the SIEM is going, in a sentence for admins and compliance. Pure. */

export interface DeliveryState {
  next_seq: number;
  log_size: number;
  waiting_since: Date | null;
  problem: string | null;
  failing_since: Date | null;
  looked_at: Date;
}

/** So long nobody looks only where no worker runs. */
const unattendedMsMax = 3 * 60_000;
/** A receiver that is started anew is back before that. */
const failingMsMax = 15 * 60_000;
const minuteMs = 60_000;

/** What the row of siem_positions means at that time; no row: nobody has begun yet. Times in milliseconds. */
export function describeDelivery(row: DeliveryState | undefined, nowMs: number): { state: 'working' | 'limited' | 'failing'; sentence: string } {
  if (row === undefined) return { state: 'limited', sentence: 'Delivery to the SIEM has not begun. The ingest process may not be running, or may not know SIEM_URL.' };
  const unattendedMs = nowMs - row.looked_at.getTime();
  if (unattendedMs > unattendedMsMax) return { state: 'failing', sentence: `Nobody has delivered records to the SIEM for ${minutes(unattendedMs)}. The ingest process may not be running. Records wait; none is lost.` };
  if (row.problem === null || row.failing_since === null) return { state: 'working', sentence: `The SIEM has ${records(row.next_seq)}.` };
  const state = nowMs - row.failing_since.getTime() > failingMsMax ? 'failing' : 'limited';
  const waited = row.waiting_since === null ? '' : `, the oldest for ${minutes(nowMs - row.waiting_since.getTime())}`;
  return { state, sentence: `${row.problem} ${waiting(Math.max(0, row.log_size - row.next_seq))}${waited}; none is lost, and answers go on.` };
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${count.toLocaleString('en')} records`;
}

function waiting(count: number): string {
  return `${records(count)} ${count === 1 ? 'waits' : 'wait'}`;
}

function minutes(ms: number): string {
  const count = Math.max(1, Math.round(ms / minuteMs));
  return count === 1 ? 'a minute' : `${count} minutes`;
}
