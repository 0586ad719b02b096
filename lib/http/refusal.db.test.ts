/** Refusals are recorded, and a flood of them is counted instead of filling the log. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, mock, test } from 'node:test';
import pg from 'pg';
import { signInActor, type MemberActor } from '../actor.ts';
import { closeDatabase, openDatabase, useDatabase } from '../db/pool.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { isProblem, Problem } from '../errors.ts';
import { recordRefusal, refusalsRecordedMax } from './refusal.ts';

let database: TestDatabase;
let compliance: MemberActor;
before(async () => {
  database = await openTestDatabase();
  compliance = { kind: 'member', id: randomUUID(), name: 'Ines', email: 'ines@halden.example', role: 'compliance' };
  const { id, name, email, role } = compliance;
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, name, email, role }).execute());
});
after(() => database.stop());

async function refusals(): Promise<{ actor_id: string | null; subject_id: string | null; details: Record<string, unknown> }[]> {
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select('body').where('event', '=', 'request.refused').orderBy('seq').execute());
  return rows.map((row) => JSON.parse(row.body.toString()));
}

test('a refusal is recorded as the member, or as nobody, with the route and without its query', async () => {
  await recordRefusal({ method: 'GET', url: 'http://x/api/members?q=secret' }, compliance, new Problem('not-permitted'));
  await recordRefusal({ method: 'POST', url: `http://x/api/${'y'.repeat(5000)}` }, null, new Problem('sign-in-required'));
  const [first, second] = await refusals();
  assert.deepEqual([first?.actor_id, first?.subject_id, first?.details], [compliance.id, 'GET /api/members', { code: 'not-permitted' }]);
  assert.equal(second?.actor_id, null);
  assert.ok((second.subject_id?.length ?? 0) < 220);
});

/** The pool has timers of its own. None may outlive the clock it was made on: a real one that a mocked clock cannot clear keeps the process for 30 s. */
async function reconnect(): Promise<void> {
  await closeDatabase();
  useDatabase(openDatabase(database.url, 5));
}

test('of 500 refusals in a minute ten are recorded one by one and the rest as a count', async () => {
  await reconnect();
  mock.timers.enable({ apis: ['setTimeout'] });
  const member: MemberActor = { ...compliance, id: randomUUID(), email: 'flood@halden.example', role: 'employee' };
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id: member.id, name: member.name, email: member.email, role: member.role }).execute());
  const of = async () => (await refusals()).filter((record) => record.actor_id === member.id);
  await Promise.all(Array.from({ length: 500 }, () => recordRefusal({ method: 'GET', url: 'http://x/api/members' }, member, new Problem('not-permitted'))));
  assert.equal((await of()).length, refusalsRecordedMax);
  mock.timers.tick(60_000);
  mock.timers.reset();
  for (let tries = 0; tries < 100 && (await of()).length === refusalsRecordedMax; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  await reconnect();
  assert.deepEqual((await of()).at(-1)?.details, { further: 500 - refusalsRecordedMax, seconds: 60 });
  await recordRefusal({ method: 'GET', url: 'http://x/api/members' }, member, new Problem('not-permitted'));
  assert.equal((await of()).length, refusalsRecordedMax + 2);
});

test('a refusal whose record cannot be written is still refused, with the reason', async () => {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  try {
    await owner.query(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`);
    await owner.query(`create trigger fail before insert on audit_records for each row when (new.event = 'request.refused') execute function fail()`);
    const stranger: MemberActor = { ...compliance, id: randomUUID() };
    await assert.rejects(recordRefusal({ method: 'GET', url: 'http://x/api/members' }, stranger, new Problem('not-permitted')), (error) => isProblem(error, 'record-not-written'));
  } finally {
    await owner.query('drop trigger fail on audit_records');
    await owner.end();
  }
});
