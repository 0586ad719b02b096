/**
 * Delivers the audit log to the company's SIEM: every record, in order, at least once. Each worker runs it and one of
 * them has the turn. Nothing waits for it: a SIEM that takes nothing in makes records wait, and people are told.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { env, type Env } from '../../env.ts';
import { logger } from '../../log.ts';
import { toCef } from './cef.ts';
import { toOcsf } from './ocsf.ts';
import { keepPosition, leaveTurn, readBatch, takeTurn, TurnLost, type Turn } from './position.ts';
import { fit, type SiemRecord } from './record.ts';
import { openSink, type SinkSettings } from './sink.ts';
import { toSyslog } from './syslog.ts';
import { targetOf } from './target.ts';

const log = logger('siem');
const batchMax = 200;
/** Records that come again at most when a receiver dies. */
const roundMax = 5000;
/** The process may not take longer to end; what was sent and not confirmed comes again. */
const stopMsMax = 4000;
const everyMs = 2000;
const standbyMs = 5000;
const retryMs = { first: 1000, longest: 60_000 };

/** For the health check of the process. */
export interface DeliveryHealth {
  /** 'standby': another worker delivers. */
  state: 'off' | 'working' | 'failing' | 'standby';
  /** Records that wait. */
  waiting: number;
}

export interface Delivery {
  health: () => DeliveryHealth;
  /** Stops after the batch under way and gives the turn back. */
  stop: () => Promise<void>;
}

/** Begins to deliver where SIEM_URL is set; else there is nothing to do. */
export function startDelivery(settings: Env = env(), timings: SinkSettings['timings'] = {}): Delivery {
  const target = targetOf(settings);
  const health: DeliveryHealth = { state: target === null ? 'off' : 'standby', waiting: 0 };
  if (target === null) return { health: () => health, stop: () => Promise.resolve() };
  const stopping = new AbortController();
  const turn = { target, holder: randomUUID() };
  const running = run({ turn, signal: stopping.signal, health, format: formatFor(settings), sink: sinkFor(settings, timings) });
  return {
    health: () => ({ ...health }),
    stop: async () => {
      stopping.abort();
      await Promise.race([running, sleep(stopMsMax)]);
      await leaveTurn(turn).catch(() => undefined);
    },
  };
}

interface Work {
  turn: Turn;
  signal: AbortSignal;
  health: DeliveryHealth;
  format: (record: SiemRecord) => string;
  sink: SinkSettings;
}

async function run(work: Work): Promise<void> {
  let waitMs = retryMs.first;
  while (!work.signal.aborted) {
    try {
      const mine = await takeTurn(work.turn);
      if (mine !== null && mine.waiting > 0) await deliverRounds(work, mine.next);
      Object.assign(work.health, { state: mine === null ? 'standby' : 'working', waiting: 0 });
      waitMs = retryMs.first;
      await pause(mine === null ? standbyMs : everyMs, work.signal);
    } catch (error) {
      if (error instanceof TurnLost) continue;
      work.health.state = 'failing';
      log.warn({ problem: error instanceof Error ? error.message : String(error), waiting: work.health.waiting, retryInMs: waitMs }, 'records were not delivered to the SIEM; they wait');
      await pause(waitMs, work.signal);
      waitMs = Math.min(2 * waitMs, retryMs.longest);
    }
  }
}

/** Delivers round after round until nothing waits. What went wrong is kept beside the position and thrown. */
async function deliverRounds(work: Work, from: number): Promise<void> {
  let next = from;
  do {
    try {
      next = await deliverRound(work, next);
      work.health.waiting = await keepPosition(work.turn, next, null);
    } catch (error) {
      if (!(error instanceof TurnLost)) await keepProblem(work, next, error);
      throw error;
    }
  } while (work.health.waiting > 0 && !work.signal.aborted);
}

/** The words for people; where the database cannot be reached either, the log alone has them. */
async function keepProblem({ turn, health }: Work, next: number, error: unknown): Promise<void> {
  const problem = error instanceof Error ? error.message : String(error);
  health.waiting = await keepPosition(turn, next, problem).catch(() => health.waiting);
}

/** One connection: batches until nothing waits or enough was sent, then the receiver's word for it. Returns the next number. */
async function deliverRound({ turn, signal, format, sink: settings }: Work, from: number): Promise<number> {
  let records = await readBatch(turn, from, batchMax);
  const first = records[0];
  if (first === undefined) return from;
  const sink = await openSink(settings);
  try {
    let next = first.seq;
    while (records.length > 0) {
      await sink.send(records.map(format));
      next = (records.at(-1)?.seq ?? next) + 1;
      const more = records.length === batchMax && next - first.seq < roundMax && !signal.aborted;
      records = more ? await readBatch(turn, next, batchMax) : [];
    }
    await sink.finish();
    return next;
  } finally {
    sink.abandon();
  }
}

/** How a record is written for that SIEM, never longer than SIEM_MESSAGE_BYTES_MAX. */
export function formatFor({ ATTEST_URL, SIEM_FORMAT, SIEM_MESSAGE_BYTES_MAX, SIEM_ENTERPRISE_NUMBER }: Env): (record: SiemRecord) => string {
  const host = new URL(ATTEST_URL).hostname;
  const version = productVersion();
  const formats = {
    syslog: (record: SiemRecord) => toSyslog(record, { host, enterprise: SIEM_ENTERPRISE_NUMBER }),
    cef: (record: SiemRecord) => toCef(record, { host, version }),
    ocsf: (record: SiemRecord) => toOcsf(record, { version }),
  };
  return (record) => fit(record, SIEM_MESSAGE_BYTES_MAX, formats[SIEM_FORMAT]);
}

function sinkFor({ SIEM_URL = '', SIEM_FORMAT, SIEM_CA_FILE, SIEM_CLIENT_FILE }: Env, timings: SinkSettings['timings']): SinkSettings {
  return { url: SIEM_URL, framing: SIEM_FORMAT === 'ocsf' ? 'lines' : 'octets', caFile: SIEM_CA_FILE, clientFile: SIEM_CLIENT_FILE, timings };
}

function productVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../package.json'), 'utf8'))).version;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
