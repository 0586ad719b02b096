/**
 * For tests of the running product over HTTP: its people signed in, requests as their browsers send them, requests as
 * no browser sends them, answers read event by event, and what the product keeps on disk and in its database.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { request as openRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Role } from '#lib/actor.ts';
import type { AnswerEvent } from '#lib/answer/events.ts';
import { gather, type Told } from '#lib/answer/testing.ts';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { signIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { openDatabase } from '#lib/db/pool.ts';
import type { DB } from '#lib/db/types.generated.ts';
import { surroundings } from '#lib/env.ts';
import { problems, type ProblemCode } from '#lib/errors.ts';
import { tinyGenerator } from '#lib/models/testing-gguf.ts';
import { addModel, testModelFiles } from '#lib/models/testing.ts';

const given = surroundings();
export const appUrl = given['ATTEST_TEST_URL'] ?? '';
/** Why tests of the running product cannot run, or false. */
export const skip = appUrl === '' ? 'ATTEST_TEST_URL does not name a running product' : false;
export const modelsFolder = given['ATTEST_TEST_MODELS_DIR'] ?? '';
/** Data folder of the product, '' when the tests are not told. */
const dataFolder = given['ATTEST_TEST_DATA_DIR'] ?? '';

const origin = skip === false ? new URL(appUrl).origin : '';
const people = new Map<Role, Promise<TestBrowser>>();

/** The browser in which the demo's person of that role is signed in. */
export function signedIn(role: Role): Promise<TestBrowser> {
  const known = people.get(role) ?? (async () => {
    const browser = testBrowser(appUrl);
    await signIn(browser, appUrl, { account: demoAccounts.find((account) => account.role === role)?.id ?? '' });
    return browser;
  })();
  people.set(role, known);
  return known;
}

export interface Sending {
  json?: unknown;
  body?: RequestInit['body'];
  headers?: Record<string, string>;
}

/** The tests send more than one person may, the more so on a fast machine; so they wait as they are told, like any well-behaved program. */
export async function whenAllowed<Answer extends Response | RawAnswer>(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const response = await send();
    const seconds = response.headers.get('retry-after');
    if (response.status !== 429 || seconds === null) return response;
    await response.text();
    await sleep(Number(seconds) * 1000);
  }
}

/** One request as a page of ours sends it: `await call(browser, 'POST /api/groups', { json: { name } })`. */
export async function call(browser: TestBrowser | Promise<TestBrowser>, methodAndPath: string, { json, body, headers }: Sending = {}): Promise<Response> {
  const [method = '', address = ''] = methodAndPath.split(/ (.*)/s);
  const sent = json === undefined ? body : JSON.stringify(json);
  const from = await browser;
  const send = (): Promise<Response> => from.send(`${appUrl}${address}`, {
    method,
    headers: { ...fromUs(method), ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  });
  // A body that is read as it is sent cannot be sent again.
  return sent instanceof ReadableStream ? send() : whenAllowed(send);
}

function fromUs(method: string): Record<string, string> {
  return method === 'GET' ? {} : { 'sec-fetch-site': 'same-origin', origin };
}

export async function read<Shape extends z.ZodType>(response: Response, status: number, shape: Shape): Promise<z.infer<Shape>> {
  const text = await response.text();
  assert.equal(response.status, status, text.slice(0, 1000));
  return shape.parse(JSON.parse(text));
}

export const withId = z.looseObject({ id: z.string() });
const problemSchema = z.looseObject({ type: z.string(), title: z.string(), status: z.number(), code: z.string(), detail: z.string(), requestId: z.string() });

/** Holds a refusal to RFC 9457 and to our list of codes, and returns its body. */
export async function readProblem(response: { status: number; headers: { get: (name: string) => string | null }; text: () => Promise<string> }, expected?: ProblemCode): Promise<z.infer<typeof problemSchema>> {
  const text = await response.text();
  const what = `${response.status} ${text.slice(0, 500)}`;
  assert.equal(response.headers.get('content-type'), 'application/problem+json', what);
  const body = problemSchema.parse(JSON.parse(text));
  const [status, title] = Object.entries(problems).find(([code]) => code === body.code)?.[1] ?? [];
  assert.deepEqual([body.status, body.title, body.type], [status, title, `urn:attest:problem:${body.code}`], what);
  assert.equal(body.status, response.status, what);
  assert.equal(response.headers.get('x-request-id'), body.requestId, what);
  if (expected !== undefined) assert.equal(body.code, expected, what);
  return body;
}

/** An answer being read event by event. */
export interface OpenAnswer {
  response: Response;
  /** The next event; null at the end. */
  next: () => Promise<AnswerEvent | null>;
  /** Reads on until an event of that type. */
  until: <Type extends AnswerEvent['type']>(type: Type) => Promise<Extract<AnswerEvent, { type: Type }>>;
  /** Reads to the end. Everything that came is in it. */
  rest: () => Promise<Told>;
  /** Closes the connection. */
  leave: () => Promise<void>;
}

export async function openAnswer(browser: TestBrowser | Promise<TestBrowser>, question: string | Record<string, unknown>): Promise<OpenAnswer> {
  const json = typeof question === 'string' ? { question } : question;
  const response = await call(browser, 'POST /api/ask', { json });
  if (response.status !== 200) return assert.fail(`${response.status} ${await response.text()}`);
  const came: AnswerEvent[] = [];
  const pieces = response.body?.getReader();
  assert.ok(pieces);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let waiting = '';
  const next = async (): Promise<AnswerEvent | null> => {
    for (let end = waiting.indexOf('\n\n'); end < 0; end = waiting.indexOf('\n\n')) {
      const { done, value } = await pieces.read();
      if (done) return null;
      waiting += decoder.decode(value, { stream: true });
    }
    const end = waiting.indexOf('\n\n');
    const [block, rest] = [waiting.slice(0, end), waiting.slice(end + 2)];
    waiting = rest;
    if (!block.startsWith('data: ')) return next();
    const event = JSON.parse(block.slice('data: '.length)) as AnswerEvent;
    came.push(event);
    return event;
  };
  return {
    response,
    next,
    async until<Type extends AnswerEvent['type']>(type: Type) {
      for (let event = await next(); event !== null; event = await next()) if (event.type === type) return event as Extract<AnswerEvent, { type: Type }>;
      return assert.fail(`no event "${type}" among ${JSON.stringify(came).slice(0, 1000)}`);
    },
    async rest() {
      while ((await next()) !== null);
      return gather(came);
    },
    leave: () => pieces.cancel(),
  };
}

/** Asks and reads the whole answer. */
export async function ask(browser: TestBrowser | Promise<TestBrowser>, question: string | Record<string, unknown>): Promise<Told> {
  return (await openAnswer(browser, question)).rest();
}

export interface RawAnswer {
  status: number;
  headers: { get: (name: string) => string | null };
  text: () => Promise<string>;
}

/** A request that no browser would send: the address, the headers and the body as they are. `write` sends the body and ends it, or does not. */
export function sendRaw(browser: TestBrowser | Promise<TestBrowser>, methodAndPath: string, raw: RawSending = {}): Promise<RawAnswer> {
  return whenAllowed(() => sendRawOnce(browser, methodAndPath, raw));
}

interface RawSending {
  headers?: OutgoingHttpHeaders;
  write?: (request: ClientRequest) => unknown;
}

async function sendRawOnce(browser: TestBrowser | Promise<TestBrowser>, methodAndPath: string, { headers = {}, write = (request) => request.end() }: RawSending): Promise<RawAnswer> {
  const [method = '', address = ''] = methodAndPath.split(/ (.*)/s);
  const cookie = [...(await browser).cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const { hostname, port } = new URL(appUrl);
  const request = openRequest({ hostname, port, method, path: address, headers: { ...fromUs(method), cookie, ...headers } });
  const answered = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).on('error', reject));
  answered.catch(() => undefined);
  await write(request);
  const response = await answered;
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  request.destroy();
  const text = Buffer.concat(pieces).toString('utf8');
  const header = (name: string): string | null => [response.headers[name] ?? null].flat()[0] ?? null;
  return { status: response.statusCode ?? 0, headers: { get: header }, text: () => Promise.resolve(text) };
}

/** Every file that the product keeps of uploads, relative to its folder, sorted. */
export function storedFiles(): string[] {
  assert.notEqual(dataFolder, '', 'ATTEST_TEST_DATA_DIR does not name the data folder of the product');
  const folder = path.join(dataFolder, 'files');
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

/** Process ids of the product's parts as they are now; empty where the tests are not told. */
export function processIds(): Record<string, number> {
  const file = given['ATTEST_TEST_PIDS'];
  return file === undefined || file === '' ? {} : z.record(z.string(), z.number()).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
}

let opened: Kysely<DB> | undefined;

/** The product's database as its owner, whom row-level security does not hold. For looking at what was kept. */
export function ownerDatabase(): Kysely<DB> {
  if (opened === undefined) {
    opened = openDatabase(given['ATTEST_TEST_DATABASE_URL'] ?? '', 1);
    // Inside a test this runs when that test ends: the next one opens it again.
    after(async () => {
      await opened?.destroy();
      opened = undefined;
    });
  }
  return opened;
}

/** Tries until it is so; throws what was said last after `ms`. */
export async function eventually<Result>(look: () => Promise<Result>, ms = 30_000): Promise<Result> {
  for (const end = Date.now() + ms; ; await sleep(100)) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Holds that the product serves. */
export async function assertServing(): Promise<void> {
  assert.equal((await fetch(`${appUrl}/api/health`)).status, 200);
  assert.equal((await call(signedIn('employee'), 'GET /api/profile')).status, 200);
}

const generatorFile = 'http-tests.gguf';

/**
 * Has answers written by a model until `restore` puts quotations back: by the test machine's own, or by a tiny one that
 * recites without end, for tests that need to be in the middle of an answer.
 */
export async function useGenerator(which: 'real' | 'endless'): Promise<{ restore: () => Promise<void> }> {
  fs.rmSync(path.join(modelsFolder, generatorFile), { force: true });
  // The longest answer (600 tokens) takes it seconds on a fast machine as well; reading a prompt takes it no longer than a small one.
  const endless = () => tinyGenerator({ endless: true, contextTokens: 16_384, innerWidth: 131_072 });
  await addModel(modelsFolder, generatorFile, (which === 'real' ? testModelFiles().generator : undefined) ?? endless());
  const restore = async (): Promise<void> => {
    fs.rmSync(path.join(modelsFolder, generatorFile), { force: true });
    await eventually(async () => assert.notEqual(await generatorState(), 'ready'));
  };
  try {
    await eventually(async () => assert.equal(await generatorState(), 'ready'), 60_000);
  } catch (error) {
    // A model that came too late would write the answers of every later test.
    await restore();
    throw error;
  }
  return { restore };
}

/** Uploads a text into a new collection that the employee may edit, and waits until it is searched. Its words are nobody else's. */
export async function addReadableDocument(text: string): Promise<{ collectionId: string; documentId: string; grantId: string }> {
  const { id: memberId } = await read(await call(signedIn('employee'), 'GET /api/profile'), 200, withId);
  const { id: collectionId } = await read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Tests ${randomUUID()}` } }), 201, withId);
  const grant = { to: { kind: 'member', id: memberId }, permission: 'edit' };
  const { id: grantId } = await read(await call(signedIn('admin'), `POST /api/collections/${collectionId}/grants`, { json: grant }), 201, withId);
  const { id: documentId } = await read(await call(signedIn('employee'), `POST /api/collections/${collectionId}/documents?name=notes.txt`, { body: text }), 201, withId);
  await eventually(async () => assert.equal((await readVersion(documentId)).state, 'ready'));
  return { collectionId, documentId, grantId };
}

const versionSchema = z.looseObject({ id: z.string(), state: z.string(), fileName: z.string(), problem: z.object({ code: z.string(), detail: z.string() }).nullable() });

/** The newest version of a document that the employee may read. */
export async function readVersion(documentId: string): Promise<z.infer<typeof versionSchema>> {
  return (await read(await call(signedIn('employee'), `GET /api/documents/${documentId}`), 200, z.looseObject({ version: versionSchema }))).version;
}

const modelsSchema = z.looseObject({
  roles: z.looseObject({ generator: z.looseObject({ state: z.string() }) }),
  models: z.array(z.looseObject({ file: z.string(), state: z.string(), problem: z.string().nullable() })),
});

/** What the models page shows an admin. */
export async function readModels(): Promise<z.infer<typeof modelsSchema>> {
  return read(await call(signedIn('admin'), 'GET /api/models'), 200, modelsSchema);
}

async function generatorState(): Promise<string> {
  return (await readModels()).roles.generator.state;
}
