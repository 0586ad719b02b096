/**
 * Calls the product's own route handlers in this process, found on disk as Next finds them, with the session cookie of
 * a member, and looks through every byte that comes back (and every byte that a model is sent meanwhile) for the
 * canaries of documents: 128 random bits that stand in one text, or one title, and nowhere else.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Oracle } from '#lib/access/testing-oracle.ts';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { env } from '#lib/env.ts';
import type { Built, Placed, Visitor } from './testing-build.ts';
import type { TestModels } from './testing-models.ts';

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
}

export interface Sending {
  json?: unknown;
  headers?: Record<string, string>;
  /** False: without the session, as somebody who is not signed in or shows a key instead. */
  signedIn?: boolean;
}

/** Everything that was asked in one company, and what should not have been in the answers. */
export interface Visits {
  call: (visitor: Visitor | null, methodAndPath: string, sending?: Sending) => Promise<Answered>;
  /** Looks through bytes that left for a member, or for nobody, by another way than a response. */
  inspect: (visitor: Visitor | null, where: string, bytes: string) => void;
  /** Canaries that reached somebody without the right, in words. */
  leaks: string[];
  counts: { requests: number; bytes: number };
}

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
interface Route {
  file: string;
  segments: string[];
}

const appFolder = path.resolve(import.meta.dirname, '../..');
const routes: readonly Route[] = fs.globSync('**/route.{ts,tsx}', { cwd: appFolder })
  .map((file) => ({ file, segments: path.dirname(file).split(path.sep).filter((segment) => !/^\(.*\)$/.test(segment)) }))
  // A name before a parameter, from the left, as Next chooses.
  .toSorted((left, right) => rank(left).localeCompare(rank(right)));

function rank({ segments }: Route): string {
  return segments.map((segment) => (segment.startsWith('[[') ? '3' : segment.startsWith('[...') ? '2' : segment.startsWith('[') ? '1' : '0')).join('');
}

function match(route: Route, asked: readonly string[]): Record<string, string | string[]> | null {
  const params: Record<string, string | string[]> = {};
  for (const [at, segment] of route.segments.entries()) {
    const rest = /^\[{1,2}\.\.\.(.+?)\]{1,2}$/.exec(segment)?.[1];
    if (rest !== undefined) return { ...params, [rest]: asked.slice(at) };
    const name = /^\[(.+)\]$/.exec(segment)?.[1];
    const value = asked[at];
    if (value === undefined || (name === undefined && value !== segment)) return null;
    if (name !== undefined) params[name] = value;
  }
  return asked.length === route.segments.length ? params : null;
}

/** Routes that were called in this process, as lib/http/matrix.ts names them: `GET /api/documents/:id`. */
export const visited = new Set<string>();

/** Answers a request as the web process would, without a socket. Throws where no route is. */
export async function handle(request: Request): Promise<Response> {
  const asked = new URL(request.url).pathname.split('/').slice(1).map(decodeURIComponent);
  for (const route of routes) {
    const params = match(route, asked);
    if (params === null) continue;
    const handlers: Partial<Record<string, Handler>> = await import(pathToFileURL(path.join(appFolder, route.file)).href);
    const handler = handlers[request.method];
    if (handler === undefined) throw new Error(`${route.file} takes no ${request.method}.`);
    visited.add(`${request.method} /${route.segments.map((segment) => segment.replace(/^\[(\w+)\]$/, ':$1')).join('/')}`);
    return handler(request, { params: Promise.resolve(params) });
  }
  throw new Error(`No route for ${request.url}.`);
}

/** A request of a page of ours. */
export function requestOf(visitor: Pick<Visitor, 'token'> | null, methodAndPath: string, { json, headers = {}, signedIn = true }: Sending = {}): Request {
  const [method = '', address = ''] = methodAndPath.split(/ (.*)/s);
  const base = env().ATTEST_URL;
  return new Request(`${base}${address}`, {
    method,
    headers: {
      host: new URL(base).host,
      ...(visitor === null || !signedIn ? {} : { cookie: `${sessionCookieName()}=${visitor.token}` }),
      // A program sends neither.
      ...(method === 'GET' || !signedIn ? {} : { 'sec-fetch-site': 'same-origin', origin: new URL(base).origin }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
}

/** Visits to one company. */
export function visitsTo(built: Built, oracle: Oracle, models: TestModels | null): Visits {
  const canaries = new Map(built.documents.flatMap((document): [string, { document: Placed; level: 'text' | 'title' }][] => [
    [document.canary, { document, level: 'text' }], [document.titleCanary, { document, level: 'title' }],
  ]));
  const leaks: string[] = [];
  const counts = { requests: 0, bytes: 0 };
  const inspect: Visits['inspect'] = (visitor, where, bytes) => {
    counts.bytes += bytes.length;
    for (const canary of findCanaries(bytes)) {
      const found = canaries.get(canary);
      if (found === undefined) continue;
      const may = visitor !== null && (found.level === 'text' ? oracle.reads(visitor.number, found.document.number) : oracle.knows(visitor.number, found.document.number));
      if (!may) leaks.push(`the ${found.level} of document ${found.document.number} reached ${visitor === null ? 'nobody in particular' : `member ${visitor.number}`} by ${where}`);
    }
  };
  return {
    inspect,
    leaks,
    counts,
    async call(visitor, methodAndPath, sending) {
      models?.takeReceived();
      const response = await handle(requestOf(visitor, methodAndPath, sending));
      const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
      counts.requests += 1;
      inspect(visitor, methodAndPath, `${text}\n${[...response.headers].join('\n')}`);
      for (const { address, body } of models?.takeReceived() ?? []) inspect(visitor, `${methodAndPath}, sent to the model at ${address}`, body);
      return { status: response.status, headers: response.headers, text };
    },
  };
}

const canaryLength = 32;

/** Every 32 hexadecimal characters in a row, also inside longer rows and inside base64. */
function* findCanaries(bytes: string, isDecoded = false): Generator<string> {
  for (const [run] of bytes.matchAll(/[0-9a-f]{32,}/gi)) {
    for (let start = 0; start + canaryLength <= run.length; start += 1) yield run.slice(start, start + canaryLength).toLowerCase();
  }
  if (isDecoded) return;
  for (const [run] of bytes.matchAll(/[A-Za-z0-9_+/-]{44,}/g)) {
    for (let shift = 0; shift < 4; shift += 1) yield* findCanaries(Buffer.from(run.slice(shift), 'base64').toString('latin1'), true);
  }
}
