/**
 * Ends a connection that goes silent inside a transaction. All connections share one session, so a client that freezes
 * there (a stopped process, a debugger, a hang) would keep everybody waiting; one that dies is noticed by its socket.
 */
import type { PGlite } from '@electric-sql/pglite';
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { logger } from '#lib/log.ts';
import { fatalResponse } from './response.ts';

const log = logger('database');

/** After `msMax` without a message inside a transaction or half a statement: its end, as Postgres' idle_in_transaction_session_timeout has it. */
export function endSilentTransactions(database: PGlite, server: PGLiteSocketServer, msMax: number): void {
  const send = database.execProtocolRawStream.bind(database);
  let timer: NodeJS.Timeout | undefined;

  // While a transaction is open, whatever arrives here is from the connection that opened it.
  database.execProtocolRawStream = async (message, options) => {
    clearTimeout(timer);
    await send(message, options);
    if (database.isInTransaction()) timer = setTimeout(() => endHolder(database, server), msMax).unref();
  };
}

function endHolder(database: PGlite, server: PGLiteSocketServer): void {
  const holder = [...server['handlers']].find((handler) => handler.handlerId === server['queryQueue']['lastHandlerId']);
  if (!database.isInTransaction() || holder === undefined) return;
  log.warn('a connection was silent inside a transaction for too long and was ended, so that others can go on');
  holder['socket']?.write(fatalResponse('25P03', 'The connection was silent inside a transaction for too long. What it did there was undone.'));
  // Rolls back, closes the socket and serves whoever waited.
  holder['handleError'](new Error('Idle timeout'));
}
