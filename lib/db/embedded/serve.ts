/**
 * Opens PGlite on a folder and serves it over the Postgres protocol to several connections at once.
 * All of them share PGlite's one session: whoever is inside a transaction is served alone until it ends.
 */
import fs from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { logger } from '#lib/log.ts';
import { refuseCopy } from './copy.ts';
import { endSilentTransactions } from './idle.ts';
import { fatalResponse } from './response.ts';

const log = logger('database');

/** Connections at the same time, all processes together; each costs a socket only. */
const connectionsMax = 100;
/**
 * Longest that a client may be silent inside a transaction. No transaction of ours waits for anything but the next
 * statement; on a machine that is far behind with its work that alone took more than 10 s.
 */
const silentMsMax = 30_000;

/**
 * Postgres settings. 32 MB of shared buffers serve the demo and a few hundred thousand chunks from the page cache of
 * the system as well as PGlite's 160 MB do, and leave 300 MB more memory free. `fsync` works through `syncFiles` below.
 */
const settings = ['shared_buffers=32MB', 'wal_sync_method=fsync', 'max_wal_size=256MB', 'jit=off', 'log_min_messages=warning'];

export type ServedDatabase = { readonly port: number; stop: () => Promise<void> };

/** Opens the folder (made by prepare.ts) and listens on 127.0.0.1; port 0 takes a free one. `silentMs` is for tests. */
export async function serve(folder: string, port: number, silentMs = silentMsMax): Promise<ServedDatabase> {
  const database = await PGlite.create({
    dataDir: folder,
    extensions: { vector },
    startParams: [...PGlite.defaultStartParams.filter((item) => item !== '-F'), ...settings.flatMap((item) => ['-c', item])],
    onStderr: (text) => {
      log.debug({ text }, 'postgres');
      return false;
    },
  });
  syncFiles(database);
  keepSequencesTogether(database);
  const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port, maxConnections: connectionsMax });
  endSilentTransactions(database, server, silentMs);
  await server.start();
  return {
    port: Number(server.getServerConn().split(':').at(-1)),
    async stop() {
      await server.stop();
      await database.exec('checkpoint');
      await database.close();
    },
  };
}

/**
 * PGlite ignores fsync on a folder; with this a commit is on the disk when it is answered, as with any Postgres.
 * Measured at 0.7 ms for one commit.
 */
function syncFiles(database: PGlite): void {
  const operations: { fsync?: (stream: { nfd: number }) => number } = database.Module.FS.filesystems.NODEFS.stream_ops;
  operations.fsync = (stream) => {
    fs.fsyncSync(stream.nfd);
    return 0;
  };
}

/** First bytes of the messages that belong to one statement of the extended protocol: Parse, Bind, Describe, Execute, Close, Flush. */
const sequenceParts = new Set(Buffer.from('PBDECH'));
const syncMessage = Uint8Array.of(0x53, 0, 0, 0, 4);

/**
 * The socket server hands PGlite one message at a time and changes connection between them unless a transaction is open.
 * Two connections that each send a statement with parameters would then bind into each other's statement.
 * So "in a transaction" is also true from the first message of a statement until its Sync.
 * A message on which PGlite throws would leave the server's queue standing still for everybody, and PGlite's own input
 * half read: malformed start-ups never reach it, and anything else ends the process, which the supervisor starts again.
 */
function keepSequencesTogether(database: PGlite): void {
  const inTransaction = database.isInTransaction.bind(database);
  const send = database.execProtocolRawStream.bind(database);
  const execute = database.exec.bind(database);
  let inSequence = false;

  database.isInTransaction = () => inSequence || inTransaction();
  database.execProtocolRawStream = async (message, options) => {
    const kind = message[0] ?? 0;
    inSequence = sequenceParts.has(kind) || (inSequence && kind !== 0x53 && kind !== 0x51);
    if (kind === 0 && !isStartup(message)) {
      options.onRawData?.(fatalResponse('XX000', 'This is not a start-up message of the Postgres protocol.'));
      return;
    }
    try {
      await send(refuseCopy(message), options);
    } catch (error) {
      log.fatal({ error }, 'The embedded database could not process a message and ends; it opens again where it stood.');
      process.exit(1);
    }
  };
  // The server calls this to roll back for a connection that went away, possibly in the middle of a statement.
  database.exec = async (sql, options) => {
    if (inSequence) await database.execProtocolRaw(syncMessage);
    inSequence = false;
    return execute(sql, options);
  };
}

/** True for a start-up message whose parameters are pairs of strings, as the protocol wants them. */
function isStartup(message: Uint8Array): boolean {
  const body = Buffer.from(message).subarray(8).toString('latin1');
  if (!body.endsWith('\0\0')) return false;
  const strings = body.slice(0, -2).split('\0');
  return strings.length % 2 === 0 && strings.includes('user');
}
