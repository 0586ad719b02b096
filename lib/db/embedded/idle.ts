/**
 * Ends a connection that goes silent inside a transaction. All connections share one session, so a client that freezes
 * there (a stopped process, a debugger, a hang) would keep everybody waiting; one that dies is noticed by its socket.
 */
import type { PGlite } from '@electric-sql/pglite';
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { logger } from '#lib/log.ts';
import { fatalResponse } from './response.ts';

const log = logger('database');

/**
 * After `msMax` without a message inside a transaction or half a statement: its end, as Postgres' idle_in_transaction_session_timeout has it.
 * Where the others are not served even then, the process ends; the supervisor starts it again and the data is as it was committed.
 */
export function endSilentTransactions(database: PGlite, server: PGLiteSocketServer, msMax: number): void {
  const send = database.execProtocolRawStream.bind(database);
  let timer: NodeJS.Timeout | undefined;
  let lastServed = performance.now();

  // While a transaction is open, whatever arrives here is from the connection that opened it.
  database.execProtocolRawStream = async (message, options) => {
    clearTimeout(timer);
    await send(message, options);
    lastServed = performance.now();
    if (database.isInTransaction()) timer = setTimeout(() => endHolder(database, server), msMax).unref();
  };

  setInterval(() => {
    if (server['queryQueue'].getQueueLength() === 0) lastServed = performance.now();
    if (performance.now() - lastServed < 3 * msMax) return;
    log.fatal('Connections wait and none is served. The embedded database ends; it opens again where it stood.');
    process.exit(1);
  }, msMax).unref();
}

function endHolder(database: PGlite, server: PGLiteSocketServer): void {
  if (!database.isInTransaction()) return;
  const holderId = server['queryQueue']['lastHandlerId'];
  const holder = [...server['handlers']].find((handler) => handler.handlerId === holderId);
  log.warn('a connection was silent inside a transaction for too long and was ended, so that others can go on');
  holder?.['socket']?.write(fatalResponse('25P03', 'The connection was silent inside a transaction for too long. What it did there was undone.'));
  // Either rolls back and serves whoever waited; the first closes the socket as well.
  if (holder?.isAttached === true) holder['handleError'](new Error('Idle timeout'));
  else if (holderId !== null) void server['queryQueue'].clearTransactionIfNeeded(holderId);
}
