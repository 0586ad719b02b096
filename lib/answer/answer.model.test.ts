/**
 * Answers with a real model behind real HTTP. The test generator tells toddler stories whatever it is asked, which is
 * what is needed here: text that streams, stops, dies, cites nothing and is supported by nothing.
 */
import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { useEnv } from '../env.ts';
import { isProblem } from '../errors.ts';
import { embed } from '../models/client.ts';
import { makeModelsDir, startModelsProcess, testModelFiles, type ModelsProcess } from '../models/testing.ts';
import { addCollection, addDocument, addMember } from '../search/testing.ts';
import { stopTurn } from './running.ts';
import { ask } from './testing.ts';

const real = testModelFiles();
const skip = real.generator === undefined || real.embedder === undefined ? 'ATTEST_TEST_GENERATOR and ATTEST_TEST_EMBEDDER do not name model files' : false;
const question = 'How many weeks of parental leave do primary carers get?';
const texts = ['Primary carers get 18 weeks of parental leave.', 'Parental leave of secondary carers: 6 weeks.'];

let database: TestDatabase;
let models: ModelsProcess;
let wire: Wire;
let admin: MemberActor;
let reader: MemberActor;

/** Between us and the models process: passes everything on and keeps what was sent. Can cut every connection. */
interface Wire {
  url: string;
  sent: { path: string; body: string }[];
  /** While true, embeddings are asked for and never come. */
  holding: boolean;
  /** How many of those were given up by who asked. */
  abandoned: number;
  cut: () => void;
  close: () => Promise<void>;
}

async function openWire(target: string): Promise<Wire> {
  const wire = { sent: new Array<Wire['sent'][number]>(), holding: false, abandoned: 0 };
  const server: Server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces);
      wire.sent.push({ path: incoming.url ?? '', body: body.toString('utf8') });
      if (wire.holding && incoming.url === '/v1/embeddings') return void outgoing.on('close', () => (wire.abandoned += 1));
      const passed = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      outgoing.on('close', () => passed.destroy());
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(wire, {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => server.closeAllConnections(),
    close: () => new Promise<void>((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  });
}

before(async () => {
  if (skip !== false) return;
  [database, models] = await Promise.all([openTestDatabase(), startModelsProcess()]);
  wire = await openWire(models.url);
  useEnv({ MODELS_URL: wire.url, MODELS_KEY: models.key, DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
  admin = await addMember('Ada', 'admin');
  reader = await addMember('Rea');
  const collectionId = await addCollection(admin, 'People', [reader]);
  const { vectors, embedder } = await embed(texts, { kind: 'passage' });
  await addDocument(admin, {
    collectionId, title: 'Leave', texts: texts.map((text, index) => ({ text, vector: vectors[index] ?? [] })),
    embedder: { name: embedder.model ?? '', file: embedder.file, sha256: embedder.sha256, dimensions: vectors[0]?.length ?? 0 },
  });
});
after(async () => {
  if (skip !== false) return;
  await wire.close();
  await models.stop();
  await database.stop();
});

async function saved(turnId: string | undefined) {
  return transaction(reader, (tx) => tx.selectFrom('answers').selectAll().where('turn_id', '=', turnId ?? '').executeTakeFirst());
}

test('an answer streams after its sources, and the model, its hash and its tokens are kept', { skip }, async () => {
  const told = await ask(reader, question);
  const order = told.events.map((event) => event.type);
  assert.deepEqual(order.slice(0, 4), ['started', 'searched', 'generating', 'text']);
  assert.ok(order.filter((type) => type === 'text').length > 5, 'it streams');
  const done = told.last('done');
  assert.equal(done?.outcome, 'generated');
  const status = await models.status();
  assert.equal(done?.method.generator?.sha256, status.roles.generator.sha256);
  assert.equal(done?.method.retrieval, 'hybrid');
  assert.equal(done?.method.embedder?.sha256, status.roles.embedder.sha256);
  assert.ok((done?.method.tokens?.completion ?? 0) > 5 && (done?.method.tokens?.prompt ?? 0) > 50);
  assert.match(done?.method.promptSha256 ?? '', /^[0-9a-f]{64}$/);
  for (const name of ['record', 'search', 'decide', 'prompt', 'first-token', 'generate', 'check', 'save']) {
    assert.ok(done?.method.steps.some((step) => step.name === name), name);
  }
  assert.equal((await saved(told.last('started')?.turnId))?.text, told.last('sentences')?.text);
});

test('what a story teller says of parental leave is marked as not supported', { skip }, async () => {
  const { sentences, text } = (await ask(reader, question)).last('sentences') ?? { sentences: [], text: '' };
  assert.ok(sentences.length > 0, text);
  assert.ok(sentences.every((sentence) => sentence.support !== 'supported'), JSON.stringify(sentences));
});

test('the model is given exactly the text that is shown as evidence, and nothing else of the documents', { skip }, async () => {
  wire.sent.length = 0;
  const told = await ask(reader, question);
  const [chat] = wire.sent.filter((each) => each.path === '/v1/chat/completions');
  const { messages } = JSON.parse(chat?.body ?? '{}') as { messages: { role: string; content: string }[] };
  const prompt = messages.map((message) => message.content).join('\n');
  const evidence = told.last('searched')?.evidence ?? [];
  assert.ok(evidence.length > 0);
  for (const each of evidence) assert.ok(Buffer.from(prompt).includes(Buffer.from(each.text)), each.text);
  const others = texts.filter((text) => !evidence.some((each) => each.text === text));
  for (const text of others) assert.ok(!prompt.includes(text));
  assert.ok(prompt.indexOf(evidence[0]?.text ?? '') < prompt.indexOf(question), 'the question comes last');
});

test('the same question is answered in the same words', { skip }, async () => {
  const [first, second] = [await ask(reader, question), await ask(reader, question)];
  assert.equal(first.last('sentences')?.text, second.last('sentences')?.text);
  assert.equal(first.last('done')?.method.promptSha256, second.last('done')?.method.promptSha256);
});

test('a question that cannot be recorded is not searched for, and the making of its vector is broken off', { skip }, async () => {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  wire.holding = true;
  try {
    // The record waits here until the embedder has been asked, and then is refused.
    await owner.query(`create function refuse_slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(1); raise exception 'no room'; end $$`);
    await owner.query('create trigger refuse_slowly before insert on audit_records for each row execute function refuse_slowly()');
    wire.sent.length = 0;
    await assert.rejects(ask(reader, question), (error) => isProblem(error, 'record-not-written'));
    const refused = performance.now();
    const sent = wire.sent.filter((each) => each.path !== '/v1/attest/status');
    assert.deepEqual(sent.map((each) => each.path), ['/v1/embeddings']);
    assert.deepEqual((JSON.parse(sent[0]?.body ?? '{}') as { input: string[] }).input, [question]);
    await waitUntil(() => Promise.resolve(wire.abandoned === 1));
    assert.ok(performance.now() - refused < 1500, 'broken off at once, not when it took too long');
  } finally {
    wire.holding = false;
    await owner.query('drop trigger if exists refuse_slowly on audit_records');
    await owner.query('drop function if exists refuse_slowly()');
    await owner.end();
  }
  assert.equal((await ask(reader, question)).last('done')?.method.retrieval, 'hybrid');
});

test('documents are read only when the question is on record', { skip }, async () => {
  const statements: string[] = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...given: Parameters<typeof query>) {
    const [config] = given as unknown as [string | { text: string }];
    statements.push(typeof config === 'string' ? config : config.text);
    return query.apply(this, given);
  } as typeof query;
  try {
    assert.equal((await ask(reader, question)).last('done')?.outcome, 'generated');
  } finally {
    pg.Client.prototype.query = query;
  }
  const at = (pattern: RegExp) => statements.findIndex((statement) => pattern.test(statement));
  const committed = statements.findIndex((statement, index) => statement === 'commit' && index > at(/insert into "audit_records"/));
  const firstRead = at(/\b(?:chunks|postings|vectors|blocks|versions|documents|current_versions)\b/);
  assert.ok(at(/insert into "audit_records"/) >= 0 && committed > 0 && firstRead > committed, JSON.stringify(statements.map((statement) => statement.slice(0, 60))));
});

test('a stopped answer stops the model and is kept as far as it got', { skip }, async () => {
  let turnId = '';
  let stopped = false;
  const told = await ask(reader, question, (event) => {
    if (event.type === 'started') turnId = event.turnId;
    if (event.type === 'text' && !stopped) stopped = stopTurn(turnId);
    return false;
  });
  assert.ok(stopped);
  assert.equal(told.last('done')?.outcome, 'stopped');
  const kept = await saved(turnId);
  assert.equal(kept?.outcome, 'stopped');
  assert.equal(kept?.text, told.last('sentences')?.text);
  await models.waitFor((status) => status.roles.generator.load?.active === 0, 5000);
});

test('a reader who leaves stops the model, and what was written is kept with its record', { skip }, async () => {
  const told = await ask(reader, question, (event) => event.type === 'text');
  await waitUntil(async () => (await saved(told.last('started')?.turnId)) !== undefined);
  assert.equal((await saved(told.last('started')?.turnId))?.outcome, 'stopped');
  await models.waitFor((status) => status.roles.generator.load?.active === 0, 5000);
});

test('a model that dies midway leaves an answer in quotes', { skip }, async () => {
  let cut = false;
  const told = await ask(reader, question, (event) => {
    if (event.type === 'text' && !cut) {
      cut = true;
      wire.cut();
    }
    return false;
  });
  assert.ok(cut);
  assert.equal(told.last('done')?.outcome, 'quoted');
  assert.equal(told.last('done')?.method.quotedBecause, 'model-unavailable');
  assert.match(told.last('sentences')?.text ?? '', /^Primary carers get 18 weeks of parental leave\. \[\d\]/);
  assert.equal((await saved(told.last('started')?.turnId))?.text, told.last('sentences')?.text);
});

test('a question too long for the model is answered in quotes', { skip }, async () => {
  const told = await ask(reader, `${question} ${'Please say how many weeks of parental leave. '.repeat(40)}`);
  assert.equal(told.last('done')?.outcome, 'quoted');
});

test('without the model server answers are quoted, and written again when one comes', { skip }, async () => {
  const folder = await makeModelsDir(['generator']);
  useEnv({ MODELS_URL: 'http://127.0.0.1:9', DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
  await sleep(1100);
  const without = await ask(reader, question);
  assert.deepEqual([without.last('done')?.outcome, without.last('done')?.method.quotedBecause, without.last('done')?.method.retrieval], ['quoted', 'model-unavailable', 'lexical']);
  const other = await startModelsProcess({ modelsDir: folder, ready: ['generator'] });
  try {
    useEnv({ MODELS_URL: other.url, MODELS_KEY: other.key, DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
    await sleep(1100);
    assert.equal((await ask(reader, question)).last('done')?.outcome, 'generated');
  } finally {
    await other.stop();
    useEnv({ MODELS_URL: wire.url, MODELS_KEY: models.key, DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
    await sleep(1100);
  }
});

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) if (await condition()) return;
  throw new Error('It did not come to that.');
}
