/**
 * Refused requests leave a record. A flood of them must not fill the log, so of each caller only the first few in a
 * minute are recorded one by one; the others are counted and recorded together when the minute is over.
 */
import { signInActor, type Actor, type MemberActor } from '../actor.ts';
import { appendRecord, type NewRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import type { Problem } from '../errors.ts';
import { logger } from '../log.ts';
import { outsideRequest } from '../request.ts';

const log = logger('http');
/** Refusals of one caller that get a record of their own within a window. */
export const refusalsRecordedMax = 10;
const windowMs = 60_000;
/** Paths are chosen by the caller; the log keeps this much of one. */
const pathCharactersMax = 200;

interface Window {
  seen: number;
  timer: NodeJS.Timeout;
}

// Next bundles a module once per route; a window must still be one per process.
const shared: typeof globalThis & { attestRefusals?: Map<string, Window> } = globalThis;

/**
 * Appends 'request.refused' as that member, or as the sign-in step when nobody is signed in, and returns `problem`
 * so that a route can throw it. Throws Problem 'database-unavailable' or 'record-not-written' instead when the
 * record cannot be kept; the request is refused either way.
 */
export async function recordRefusal(request: { method: string; url: string }, actor: MemberActor | null, problem: Problem): Promise<Problem> {
  await appendWithinReason(actor ?? signInActor, {
    event: 'request.refused',
    outcome: 'refused',
    subject: { kind: 'route', id: routeOf(request) },
    details: { code: problem.code },
  });
  return problem;
}

/** "POST /api/ask": what was asked for, without its query, which may hold anything. */
export function routeOf(request: { method: string; url: string }): string {
  return `${request.method} ${new URL(request.url, 'http://localhost').pathname.slice(0, pathCharactersMax)}`;
}

/** Appends a record of a refusal, or only counts it when this actor already had ten of that event within a minute. */
export async function appendWithinReason(actor: Actor, record: NewRecord): Promise<void> {
  const windows = (shared.attestRefusals ??= new Map());
  const key = [record.event, actor.kind === 'member' ? actor.id : actor.name, record.memberId ?? ''].join(' ');
  const { event, memberId } = record;
  const window = windows.get(key) ?? openWindow(windows, key, { actor, record: { event, ...(memberId === undefined ? {} : { memberId }) } });
  window.seen += 1;
  if (window.seen > refusalsRecordedMax) return;
  await transaction(actor, (tx) => appendRecord(tx, actor, record));
}

function openWindow(windows: Map<string, Window>, key: string, { actor, record }: { actor: Actor; record: NewRecord }): Window {
  const close = (): void => {
    const window = windows.get(key);
    windows.delete(key);
    void recordCount(actor, record, (window?.seen ?? 0) - refusalsRecordedMax);
  };
  const window = { seen: 0, timer: outsideRequest(() => setTimeout(close, windowMs).unref()) };
  windows.set(key, window);
  return window;
}

async function recordCount(actor: Actor, record: NewRecord, further: number): Promise<void> {
  if (further <= 0) return;
  try {
    await transaction(actor, (tx) => appendRecord(tx, actor, { ...record, outcome: 'refused', details: { further, seconds: windowMs / 1000 } }));
  } catch (error) {
    log.error({ error, event: record.event, further }, 'further refusals could not be recorded');
  }
}
