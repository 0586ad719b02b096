/**
 * Where messages go: a TCP or TLS connection, or a file. It knows bytes and sockets, no record and no database.
 *
 * TCP says only that a kernel took bytes in. So a round counts as delivered when the receiver, after we said that
 * nothing more comes, closed its side in order: it has read everything to the end. And because it may die with what it
 * has just read, we wait a moment with the connection open first; whoever dies then breaks it.
 */
import { open } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

export interface SinkSettings {
  /** tcp://host:port, tls://host:port or file:///path. */
  url: string;
  /** 'octets': RFC 6587 octet counting, as RFC 5425 asks for too. 'lines': each message ends with a line break; files always. */
  framing: 'octets' | 'lines';
  /** PEM files, see SIEM_CA_FILE and SIEM_CLIENT_FILE. */
  caFile?: string | undefined;
  clientFile?: string | undefined;
  timings?: Partial<typeof sinkTimings> | undefined;
}

/** One round of messages. Every function throws an Error whose message is a sentence for people. */
export interface Sink {
  /** Hands messages over, in order. */
  send: (messages: readonly string[]) => Promise<void>;
  /** Returns once the receiver has taken in all that was sent. The sink is closed then. */
  finish: () => Promise<void>;
  /** Lets go at once. */
  abandon: () => void;
}

/** Milliseconds. The lease of position.ts outlasts all of them together. */
export const sinkTimings = { connect: 10_000, write: 15_000, settle: 2000, close: 10_000 };

/** Opens the sink for one round. */
export async function openSink(settings: SinkSettings): Promise<Sink> {
  const address = new URL(settings.url);
  if (address.protocol === 'file:') return fileSink(fileURLToPath(address));
  return connectionSink(await connect(settings, address), settings);
}

async function connect({ caFile, clientFile, timings }: SinkSettings, { protocol, hostname, port }: URL): Promise<net.Socket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port) };
  const client = clientFile === undefined ? {} : readPem(clientFile, (pem) => ({ cert: pem, key: pem }));
  const ca = caFile === undefined ? {} : readPem(caFile, (pem) => ({ ca: pem }));
  const secure = protocol === 'tls:';
  const socket = secure ? tls.connect({ ...to, ...client, ...ca, ...(net.isIP(host) === 0 ? { servername: host } : {}), minVersion: 'TLSv1.2' }) : net.connect(to);
  const opened = new Promise<void>((resolve, reject) => {
    socket.once(secure ? 'secureConnect' : 'connect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
  try {
    await within(opened, timings?.connect ?? sinkTimings.connect, 'no answer');
    return socket;
  } catch (error) {
    socket.destroy();
    socket.on('error', () => undefined);
    throw new Error(`The SIEM cannot be reached: ${reason(error)}.`, { cause: error });
  }
}

function readPem<Result>(file: string, use: (pem: Buffer) => Result): Result {
  try {
    return use(readFileSync(file));
  } catch (error) {
    throw new Error(`The certificate file ${path.basename(file)} for the SIEM cannot be read.`, { cause: error });
  }
}

function connectionSink(socket: net.Socket, { framing, timings }: SinkSettings): Sink {
  const { write, settle, close } = { ...sinkTimings, ...timings };
  let ended = false;
  let finishing = false;
  const closed = new Promise<void>((resolve, reject) => {
    socket.once('end', () => { ended = true; });
    socket.once('error', reject);
    socket.once('close', () => (ended && finishing ? resolve() : reject(new Error('closed'))));
  });
  closed.catch(() => undefined);
  // Nothing is expected from the receiver, but its end is seen only when its bytes are read.
  socket.resume();
  const broken = closed.then(() => Promise.reject(new Error('closed')));
  broken.catch(() => undefined);
  return {
    send: async (messages) => {
      const bytes = Buffer.concat(messages.map((message) => frame(message, framing)));
      const written = new Promise<void>((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
      await orWords(within(Promise.race([written, broken]), write, 'it takes nothing in'), 'The connection to the SIEM broke');
    },
    finish: async () => {
      await orWords(Promise.race([sleep(settle), broken]), 'The connection to the SIEM broke');
      finishing = true;
      socket.end();
      await orWords(within(closed, close, 'it has not read everything'), 'The SIEM did not take in what was sent');
    },
    abandon: () => socket.destroy(),
  };
}

function frame(message: string, framing: SinkSettings['framing']): Buffer {
  return Buffer.from(framing === 'octets' ? `${Buffer.byteLength(message)} ${message}` : `${message}\n`);
}

/** Opened anew for every batch, so that a file that was moved away is made again. */
function fileSink(file: string): Sink {
  return {
    send: async (messages) => {
      await orWords(appendLines(file, messages), 'The file for the SIEM cannot be written');
    },
    finish: () => Promise.resolve(),
    abandon: () => undefined,
  };
}

async function appendLines(file: string, lines: readonly string[]): Promise<void> {
  const handle = await open(file, 'a+', 0o640);
  try {
    const { size } = await handle.stat();
    // A line that a crash cut off must not swallow the next one; its record comes again, whole.
    const torn = size > 0 && (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== 0x0a;
    await handle.appendFile(`${torn ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function within<Result>(work: Promise<Result>, ms: number, late: string): Promise<Result> {
  const limit = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: limit.signal }).then(() => Promise.reject(new Error(late)))]);
  } finally {
    limit.abort();
  }
}

async function orWords(work: Promise<void>, words: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new Error(`${words}: ${reason(error)}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses connections', ENOTFOUND: 'its name is unknown', EAI_AGAIN: 'its name could not be looked up', ECONNRESET: 'it closed the connection', EPIPE: 'it closed the connection',
  ETIMEDOUT: 'no answer', EHOSTUNREACH: 'no way leads there', ENETUNREACH: 'no way leads there', ENOSPC: 'the disk is full', EACCES: 'access is denied', ENOENT: 'its folder is not there', EROFS: 'the disk is read-only',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted', DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted', UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired', ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** A few words, never anything that the receiver sent. */
function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '') return reasons[code] ?? code;
  return error instanceof Error && error.message !== 'closed' ? error.message : 'it closed the connection';
}
