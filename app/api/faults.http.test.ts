/** The running product while parts of it die: what was asked is kept, everything is told in words, and it recovers by itself. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { z } from 'zod';
import { addModel, testModelFiles } from '#lib/models/testing.ts';
import { tinyGenerator } from '#lib/models/testing-gguf.ts';
import { addReadableDocument, ask, assertServing, call, eventually, modelsFolder, openAnswer, ownerDatabase, processIds, read, readModels, readProblem, signedIn, skip, useGenerator } from './testing.ts';

const question = 'How many days of annual leave do I have?';
const employee = () => signedIn('employee');
const conversationSchema = z.looseObject({ turns: z.array(z.looseObject({ question: z.string(), withheld: z.boolean(), answer: z.looseObject({ outcome: z.string() }).nullable() })) });
const readConversation = async (id: string) => read(await call(employee(), `GET /api/conversations/${id}`), 200, conversationSchema);
let processesBefore: Record<string, number> = {};

before(async () => {
  if (skip !== false) return;
  processesBefore = processIds();
  // Signed in before anything breaks.
  await Promise.all([signedIn('employee'), signedIn('admin'), signedIn('compliance')]);
});

/** Kills a part as the system would; whoever supervises it starts it again. */
function kill(part: string): void {
  const pid = processIds()[part];
  assert.ok(pid !== undefined, `no process ${part} in ${JSON.stringify(processIds())}`);
  process.kill(pid, 'SIGKILL');
}

/** Takes the database away: the embedded one is killed; a server ends every connection of ours, as it does when it restarts. */
async function breakDatabase(): Promise<void> {
  if (processIds()['database'] !== undefined) return kill('database');
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(ownerDatabase());
}

test('a model process that dies in the middle of an answer leaves an answer in quotes, and comes back', { skip }, async () => {
  const generator = await useGenerator('endless');
  try {
    const answer = await openAnswer(employee(), question);
    await answer.until('text');
    kill('models');
    const told = await answer.rest();
    assert.equal(told.last('quoting')?.because, 'model-unavailable', JSON.stringify(told.events.at(-1)));
    assert.equal(told.last('done')?.outcome, 'quoted');
    // While it is away the next question is quoted as well.
    assert.equal((await ask(employee(), question)).last('error'), undefined);
    await eventually(async () => assert.equal((await readModels()).roles.generator.state, 'ready'));
    const again = await openAnswer(employee(), question);
    await again.until('generating');
    await again.leave();
  } finally {
    await generator.restore();
  }
});

test('a model file cut in half, and one that is no model, are refused in words, and answers go on', { skip }, async () => {
  const whole = testModelFiles().generator;
  const bytes = whole === undefined ? tinyGenerator() : fs.readFileSync(whole);
  const files = { 'cut-in-half.gguf': bytes.subarray(0, bytes.length / 2), 'nothing.gguf': Buffer.alloc(0), 'no-model.gguf': Buffer.from('%PDF-1.7 no model at all'), 'head-only.gguf': bytes.subarray(0, 64) };
  try {
    for (const [name, content] of Object.entries(files)) await addModel(modelsFolder, name, content);
    const models = await eventually(async () => {
      const found = (await readModels()).models.filter((model) => model.file in files);
      assert.equal(found.length, Object.keys(files).length);
      assert.ok(found.every((model) => model.problem !== null), JSON.stringify(found));
      return found;
    });
    for (const { file, problem } of models) assert.match(problem ?? '', /^\p{Lu}[^{}]*\.$/u, file);
    for (const file of Object.keys(files)) {
      await readProblem(await call(signedIn('admin'), 'PUT /api/models/roles', { json: { role: 'generator', file } }));
    }
    assert.equal((await ask(employee(), question)).last('done')?.outcome, 'quoted');
  } finally {
    for (const name of Object.keys(files)) fs.rmSync(path.join(modelsFolder, name), { force: true });
  }
  await readProblem(await call(signedIn('admin'), 'PUT /api/models/roles', { json: { role: 'generator', file: '../../etc/passwd' } }));
});

test('a database that dies in the middle of an answer loses nothing: the answer is kept, or the question is and the reader is told', { skip }, async () => {
  const generator = await useGenerator('endless');
  try {
    const answer = await openAnswer(employee(), question);
    const { conversationId, turnId } = await answer.until('started');
    await answer.until('text');
    await breakDatabase();
    // Stops it here, for the answer would run on for a while; the stop itself may find no database.
    await call(employee(), `POST /api/turns/${turnId}/stop`);
    const told = await answer.rest();
    const [done, error] = [told.last('done'), told.last('error')];
    assert.ok((done === undefined) !== (error === undefined), JSON.stringify(told.events.at(-1)));
    if (error !== undefined) {
      assert.equal(error.code, 'database-unavailable');
      assert.match(error.detail, /Your question was kept/);
    }
    await eventually(assertServing);
    const turn = (await readConversation(conversationId)).turns[0];
    assert.equal(turn?.question, question);
    assert.equal(turn?.answer !== null, done !== undefined);
    const again = await openAnswer(employee(), { question, conversationId });
    await again.until('text');
    await again.leave();
  } finally {
    await generator.restore();
  }
});

test('while the database is away everything is told so and nothing hangs; then all is well without a restart', { skip: skip !== false ? skip : processIds()['database'] === undefined && 'the database is a server, which tests cannot take away' }, async () => {
  // Begun before the break: the search finds nobody there.
  const begun = await openAnswer(employee(), question);
  await begun.until('started');
  kill('database');
  const ended = (await begun.rest()).events.at(-1);
  assert.ok(ended?.type === 'done' || (ended?.type === 'error' && ended.code === 'database-unavailable'), JSON.stringify(ended));
  let refused = 0;
  const name = `Outage ${randomUUID()}`;
  const tries = ['GET /api/profile', 'GET /api/collections', 'POST /api/ask', 'POST /api/groups', 'GET /api/health', 'GET /api/members'] as const;
  await eventually(async () => {
    const answers = await Promise.all(tries.map(async (address) => {
      const json = { 'POST /api/ask': { question }, 'POST /api/groups': { name } }[address as string];
      const response = await call(address.startsWith('GET /api/members') || address.includes('groups') ? signedIn('admin') : employee(), address, json === undefined ? {} : { json });
      if (response.status === 503) {
        refused += 1;
        assert.ok(Number(response.headers.get('retry-after')) > 0);
        await readProblem(response, 'database-unavailable');
        return false;
      }
      assert.ok([200, 201, 409].includes(response.status), `${address}: ${response.status}`);
      await response.body?.cancel();
      return true;
    }));
    assert.ok(answers.every(Boolean), 'still away');
  });
  assert.ok(refused > 0, 'the database was back before anybody noticed');
  const groups = await (await call(signedIn('admin'), `GET /api/groups?q=${encodeURIComponent(name)}`)).text();
  assert.equal(groups.split(name).length - 1, 1, 'a group that was added once in the end is there once');
});

test('an upload during which the database dies is kept whole or not at all, and may be repeated', { skip }, async () => {
  const { id } = await read(await call(employee(), 'GET /api/profile'), 200, z.looseObject({ id: z.string() }));
  const collection = await read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Outage ${randomUUID()}` } }), 201, z.looseObject({ id: z.string() }));
  await call(signedIn('admin'), `POST /api/collections/${collection.id}/grants`, { json: { to: { kind: 'member', id }, permission: 'edit' } });
  const text = `Sent while the lights went out. ${randomUUID()}`;
  const upload = () => call(employee(), `POST /api/collections/${collection.id}/documents?name=lights.txt`, { body: text });
  const sending = upload();
  await breakDatabase();
  const first = await sending;
  if (first.status !== 201) await readProblem(first, 'database-unavailable');
  await eventually(assertServing);
  const second = await upload();
  assert.ok([first.status, second.status].includes(201) || second.status === 409, `${first.status} ${second.status}`);
  if (first.status === 201) await readProblem(second, 'already-exists');
  const list = await read(await call(employee(), `GET /api/collections/${collection.id}/documents`), 200, z.object({ total: z.number(), items: z.array(z.looseObject({ id: z.string() })) }));
  assert.equal(list.total, 1);
  await eventually(async () => {
    const document = await read(await call(employee(), `GET /api/documents/${list.items[0]?.id}`), 200, z.looseObject({ version: z.looseObject({ state: z.string() }) }));
    assert.equal(document.version.state, 'ready');
  }, 60_000);
});

test('what cannot be put on record is not done: no answer, no change, no reading', { skip }, async () => {
  const owner = ownerDatabase();
  const name = `Unrecorded ${randomUUID()}`;
  const countTurns = async (): Promise<number> => (await owner.selectFrom('turns').select((select) => select.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  const documents = await read(await call(employee(), 'GET /api/collections'), 200, z.object({ items: z.array(z.looseObject({ id: z.string(), documents: z.number(), mayRead: z.boolean() })) }));
  const collection = documents.items.find((each) => each.documents > 0 && each.mayRead)?.id ?? assert.fail('no collection');
  const { items } = await read(await call(employee(), `GET /api/collections/${collection}/documents?limit=1`), 200, z.object({ items: z.array(z.looseObject({ id: z.string(), version: z.looseObject({ id: z.string() }) })) }));
  const turns = await countTurns();
  await sql`revoke insert on audit_records from attest_runtime`.execute(owner);
  try {
    const refused: readonly [who: 'employee' | 'admin' | 'compliance', address: string, json?: unknown][] = [
      ['employee', 'POST /api/ask', { question: name }],
      ['admin', 'POST /api/groups', { name }],
      ['admin', 'POST /api/collections', { name }],
      ['employee', `POST /api/documents/${items[0]?.id}/opened`],
      ['employee', `GET /api/documents/${items[0]?.id}/versions/${items[0]?.version.id}/file?download=1`],
      ['compliance', 'GET /api/audit/records'],
      ['employee', 'GET /api/members'],
    ];
    for (const [role, address, json] of refused) {
      const response = await call(signedIn(role), address, json === undefined ? {} : { json });
      await readProblem(response, 'record-not-written').catch((error: unknown) => assert.fail(`${address}: ${String(error)}`));
    }
  } finally {
    await sql`grant insert on audit_records to attest_runtime`.execute(owner);
  }
  assert.equal(await countTurns(), turns);
  for (const address of ['GET /api/groups', 'GET /api/collections']) assert.ok(!(await (await call(signedIn('admin'), address)).text()).includes(name));
  assert.ok((await ask(employee(), question)).last('done'));
});

test('an ingest process that dies is started again and reads on', { skip }, async () => {
  // Until here it has outlived every database that died.
  assert.equal(processIds()['ingest'], processesBefore['ingest']);
  kill('ingest');
  await eventually(() => Promise.resolve(assert.notEqual(processIds()['ingest'], processesBefore['ingest'])));
  await addReadableDocument(`Read after the reader died. ${randomUUID()}`);
  await assertServing();
});

test('through all of it the web process is the same one', { skip }, async () => {
  assert.ok(processesBefore['web']);
  assert.equal(processIds()['web'], processesBefore['web']);
  await assertServing();
  assert.ok((await ask(employee(), question)).last('done'));
});
