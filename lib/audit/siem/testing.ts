/**
 * For tests of delivery to a SIEM: records full of hostile text, readers of the formats that know nothing of the writers,
 * and a real rsyslog as a process of our own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder, surroundings } from '../../env.ts';
import type { SiemRecord } from './record.ts';

/** What must not break out of a field. */
export const hostile: readonly string[] = [
  '\n', '\r\n', '|', '||', ']', '] evil="1"', '\\', '\\\\', '\\"', '\\]', '"', '" seq="999', '\0', '=', ' act=', ' externalId=999', '\\=', '\\n', '\\u000a',
  '\u202eRTL\u202c', '\u200f', '\u2066', '\u2028', '\u2029', '\u0085', '\ufeff', '👩‍💻', '🔥', '\ud83d', '\udc00', '\u{e0041}', ' ', 'نامه\u200cای', 'Überstunden', '\t', '\u001b[31m', '\u007f',
  '\n<110>1 2026-01-01T00:00:00Z evil evil - - - injected', '\n42 <110>1 - - - - - - injected', '{"injected":true}', '</script>', '%n%s', '$!all-json', '\u0000\u0000',
];

/** A record like any other; the same number gives the same record. */
export function makeRecord(seq: number): SiemRecord {
  return {
    seq, at: new Date(Date.UTC(2026, 10, 23) + seq).toISOString().replace('Z', '123Z'), event: 'document.opened', outcome: 'done',
    leafHash: createHash('sha256').update(String(seq)).digest('hex'), id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
    actorId: '11111111-1111-4111-8111-111111111111', actorRole: 'employee', keyId: null, keyName: null, requestId: null,
    subjectKind: 'document', subjectId: '22222222-2222-4222-8222-222222222222', subjectName: 'Leave', collectionId: null, documentId: '22222222-2222-4222-8222-222222222222', turnId: null,
    details: {}, cut: null,
  };
}

/** `count` records in which hostile text stands everywhere, some 64 KiB long. */
export function makeHostileRecords(count: number): SiemRecord[] {
  return Array.from({ length: count }, (_, seq) => {
    const text = (offset: number): string => Array.from({ length: 1 + (seq % 5) }, (_each, index) => hostile[(seq * 7 + offset * 13 + index * 3) % hostile.length]).join('x');
    // Between hostile pieces plain ones: escaped sevenfold, no receiver would take all of it in one frame.
    const piece = `${'plain '.repeat(40)}${text(4)}`;
    const long = seq % 100 === 99 ? piece.repeat(Math.ceil(65_536 / piece.length)).slice(0, 65_536) : text(4);
    return { ...makeRecord(seq), subjectName: text(1), keyId: text(5), keyName: text(2), subjectId: text(3), details: { text: long, [text(6)]: [text(7)] } };
  });
}

/** Undoes `visible`, by its documented rule alone. */
export function readVisible(value: string): string {
  return value.replace(/\\(?:\\|u([0-9a-f]{4}))/g, (_, code?: string) => (code === undefined ? '\\' : String.fromCharCode(parseInt(code, 16))));
}

export interface ReadSyslog {
  event: string;
  element: string;
  facts: [name: string, value: string][];
  text: string;
}

/** Reads one message of RFC 5424 with exactly one element of structured data. Throws on anything else. */
export function readSyslog(message: string): ReadSyslog {
  const head = /^<(\d{1,3})>1 (\S+) (\S+) attest - (\S+) \[([^\s\]="]+)/.exec(message);
  if (head === null) throw new Error(`no header: ${message.slice(0, 100)}`);
  const facts: [string, string][] = [];
  let rest = message.slice(head[0].length);
  for (let found = nextParameter(rest); found !== null; found = nextParameter(rest)) {
    facts.push([found[1] ?? '', (found[2] ?? '').replace(/\\(["\\\]])/g, '$1')]);
    rest = rest.slice(found[0].length);
  }
  if (!rest.startsWith('] ')) throw new Error(`the element does not end: ${rest.slice(0, 100)}`);
  return { event: head[4] ?? '', element: head[5] ?? '', facts, text: rest.slice(2) };
}

function nextParameter(text: string): RegExpExecArray | null {
  return /^ ([^\s\]="]{1,32})="((?:[^"\\\]]|\\["\\\]]|\\(?!["\\\]]))*)"/.exec(text);
}

/** Reads one message of CEF behind its header of RFC 5424. */
export function readCef(message: string): { head: string[]; facts: [key: string, value: string][] } {
  const start = message.indexOf(' - CEF:0|');
  if (start < 0) throw new Error(`no CEF: ${message.slice(0, 100)}`);
  const parts = message.slice(start + 3).split(/(?<=(?<!\\)(?:\\\\)*)\|/);
  const extension = parts.slice(7).join('|');
  const facts = extension.split(/ (?=[A-Za-z]+=)/).map((pair): [string, string] => {
    const [key = ''] = pair.split('=', 1);
    return [key, pair.slice(key.length + 1).replace(/\\([\\=])/g, '$1')];
  });
  return { head: parts.slice(0, 7), facts };
}

const program = '/usr/sbin/rsyslogd';
/** Why tests with rsyslog cannot run, or false. */
export const skipRsyslog = spawnSync(program, ['-v']).status === 0 ? false : `${program} is not installed (Debian: apt-get install rsyslog rsyslog-gnutls)`;

export interface Rsyslog {
  port: number;
  folder: string;
  /** What it wrote, a line each, parsed. */
  lines: () => Promise<{ raw: string; facts: Record<string, string> | null; text: string; event: string }[]>;
  start: () => Promise<void>;
  /** SIGKILL, SIGTERM (in order), SIGSTOP or SIGCONT. The first two return when it has ended. */
  signal: (name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT') => Promise<void>;
  stop: () => Promise<void>;
}

/** rsyslog with a configuration of its own on a free port of loopback: what it parsed is written as JSON, a line a message. */
export async function startRsyslog({ bytesMax = 1024 * 1024, tls = false }: { bytesMax?: number; tls?: boolean } = {}): Promise<Rsyslog> {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-rsyslog-'));
  const port = await freePort();
  if (tls) makeCertificates(folder);
  await writeFile(path.join(folder, 'rsyslog.conf'), configuration(folder, { port, bytesMax, tls }));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(program, ['-n', '-f', path.join(folder, 'rsyslog.conf'), '-i', path.join(folder, 'pid')], { stdio: ['ignore', 'ignore', 'ignore'] });
    await untilListening(port);
  };
  const signal: Rsyslog['signal'] = async (name) => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(name);
    if (name === 'SIGKILL' || name === 'SIGTERM') await ended;
  };
  await start();
  return {
    port, folder, start, signal,
    lines: async () => (await readFile(path.join(folder, 'out.jsonl'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').map(readLine),
    stop: async () => {
      await signal('SIGCONT');
      await signal('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function readLine(line: string): { raw: string; facts: Record<string, string> | null; text: string; event: string } {
  const { raw, text, event, sd } = JSON.parse(line) as Record<'raw' | 'text' | 'event' | 'sd', string>;
  const elements = JSON.parse(sd) as Record<string, Record<string, Record<string, string>> | undefined>;
  return { raw, text, event, facts: elements['rfc5424-sd']?.['attest@32473'] ?? null };
}

function configuration(folder: string, { port, bytesMax, tls }: { port: number; bytesMax: number; tls: boolean }): string {
  const secure = tls ? ` streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"` : '';
  const files = tls ? ` defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${folder}/ca.pem" defaultNetstreamDriverCertFile="${folder}/server.pem" defaultNetstreamDriverKeyFile="${folder}/server.key"` : '';
  return `global(workDirectory="${folder}" maxMessageSize="${bytesMax}"${files})
module(load="imtcp")
module(load="mmpstrucdata")
template(name="facts" type="list" option.jsonf="on") {
  property(outname="raw" name="rawmsg" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
  property(outname="event" name="msgid" format="jsonf")
  property(outname="sd" name="$!all-json" format="jsonf")
}
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="audit"${secure})
ruleset(name="audit") {
  action(type="mmpstrucdata" sd_name.lowercase="off")
  action(type="omfile" file="${folder}/out.jsonl" template="facts" asyncWriting="off" flushOnTXEnd="on")
}
`;
}

/** An authority and a certificate for 127.0.0.1, by Debian's openssl. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8', env: { NODE_ENV: 'test', ...surroundings(), OPENSSL_CONF: '/dev/null' } });
    if (status !== 0) throw new Error(stderr);
  };
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE');
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.pem', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-CA', 'ca.pem', '-CAkey', 'ca.key');
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = net.connect(port, '127.0.0.1');
    const found = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    socket.destroy();
    if (found) return;
    await sleep(50);
  }
  throw new Error('rsyslog did not start to listen.');
}
