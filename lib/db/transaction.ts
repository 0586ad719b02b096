/**
 * The one place that opens transactions. Each is opened for an actor: the message that begins it also takes the database
 * role and the identity that row-level security reads, both local to the transaction, because the embedded database
 * shares one session among all connections and a pool hands connections from person to person.
 *
 * Never await a model, a file or a browser inside the callback: on the embedded database everybody waits for it.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Actor, SystemActor } from '../actor.ts';
import { Problem } from '../errors.ts';
import { openingWith } from './driver.ts';
import { database } from './pool.ts';
import type { DB } from './types.generated.ts';

/** What functions that run SQL take as their first parameter. */
export type Tx = Transaction<DB>;

const statementMsMax = 30_000;
const lockMsMax = 10_000;
/** A process of ours that froze holds its locks no longer than this; the embedded database counts for itself (embedded/idle.ts). */
const silentMsMax = 10_000;

const systemRoles = {
  ingest: 'attest_worker',
  'sign-in': 'attest_signin',
  scim: 'attest_scim',
  siem: 'attest_siem',
  seed: 'attest_signin',
} as const satisfies Record<SystemActor['name'], string>;

/**
 * Runs `work` in one transaction as `actor`: all of it is kept or none.
 * Throws Problem 'database-unavailable' when the database cannot be reached or goes away midway.
 */
export async function transaction<Result>(actor: Actor, work: (tx: Tx) => Promise<Result>, db: Kysely<DB> = database()): Promise<Result> {
  try {
    return await openingWith(openingFor(actor), () => db.transaction().execute(work));
  } catch (error) {
    if (isUnavailable(error)) throw new Problem('database-unavailable', { cause: error });
    throw error;
  }
}

// Empty: nobody, who sees nothing.
const idShape = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i;

/** Text and not parameters: only so do several statements fit in one message. Every setting ends with the transaction. */
function openingFor(actor: Actor): string {
  if (actor.kind === 'member' && !idShape.test(actor.id)) throw new Error('A member acts by the id of their row, which is a UUID.');
  const settings = {
    role: actor.kind === 'member' ? 'attest_runtime' : systemRoles[actor.name],
    'attest.actor': actor.kind === 'member' ? actor.id : '',
    statement_timeout: statementMsMax,
    lock_timeout: lockMsMax,
    idle_in_transaction_session_timeout: silentMsMax,
  };
  return `select ${Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', ')}`;
}

/** SQLSTATE of a database error, '' for anything else. */
export function sqlState(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** True when two people wrote the same unique value. */
export function isDuplicate(error: unknown): boolean {
  return sqlState(error) === '23505';
}

// 08: connection; 57P: shut down or starting; 53: out of connections, memory or disk; 58: system error.
const unavailableStates = /^(08|57P|53|58)/;
const unavailableErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
const unavailableWords = /connection terminated|timeout exceeded when trying to connect|connection ended|not queryable/i;

/** True when the database, not the statement, is at fault. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (unavailableStates.test(state) || unavailableErrors.has(state)) return true;
  return error instanceof Error && unavailableWords.test(error.message);
}
