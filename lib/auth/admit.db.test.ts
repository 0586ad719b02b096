/** Who gets in, and as whom, on a real database. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { signInActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { useEnv } from '../env.ts';
import { admit, type Admitted, type Refused } from './admit.ts';
import type { Identity } from './identity.ts';
import { findActor } from './session.ts';

const variables = { AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'test', LOG_LEVEL: 'silent' };
useEnv(variables);
let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());

function person(changes: Partial<Identity> = {}): Identity {
  const subject = randomUUID();
  return { provider: 'company', subject, email: { address: `${subject}@halden.example`, verified: true }, name: 'A Person', groups: [], role: undefined, ...changes };
}

function admitted(decision: Admitted | Refused): Admitted {
  assert.ok('token' in decision, JSON.stringify(decision));
  return decision;
}

async function makeMember(email: string, changes: { disabled_at?: Date } = {}): Promise<string> {
  const id = randomUUID();
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, email, name: 'Written in advance', ...changes }).execute());
  return id;
}

async function makeGroup(): Promise<{ id: string; name: string }> {
  const group = { id: randomUUID(), name: `Group ${randomUUID()}` };
  await transaction(signInActor, (tx) => tx.insertInto('groups').values(group).execute());
  return group;
}

async function groupsOf(memberId: string): Promise<string[]> {
  const rows = await transaction(signInActor, (tx) => tx.selectFrom('memberships').select('group_id').where('member_id', '=', memberId).execute());
  return rows.map((row) => row.group_id).toSorted();
}

test('the same provider and subject is the same member, whatever name or address comes with it', async () => {
  const first = person();
  const { memberId } = admitted(await admit(first));
  assert.equal(admitted(await admit({ ...first, name: 'Married', email: { address: 'other@halden.example', verified: true } })).memberId, memberId);
});

test('another subject with the same address is refused, and so is another provider', async () => {
  const first = person();
  await admit(first);
  for (const other of [person({ email: first.email }), { ...first, provider: 'demo' }]) {
    const decision = await admit(other);
    assert.equal('refusal' in decision && decision.refusal, 'email-taken');
  }
});

test('an address that is missing, unusable or not verified makes no member', async () => {
  for (const [email, refusal] of [['missing', 'email-missing'], ['unusable', 'email-unusable'], [{ address: 'not@verified.example', verified: false }, 'email-unverified']] as const) {
    const decision = await admit(person({ email }));
    assert.equal('refusal' in decision && decision.refusal, refusal);
  }
});

test('a member written in advance is met by a verified address only', async () => {
  const id = await makeMember('advance@halden.example');
  const unsure = await admit(person({ email: { address: 'advance@halden.example', verified: undefined } }));
  assert.equal('refusal' in unsure && unsure.refusal, 'email-taken');
  assert.equal(admitted(await admit(person({ email: { address: 'advance@halden.example', verified: true } }))).memberId, id);
});

test('a disabled member is refused by account and by address, and no session is made', async () => {
  const known = person();
  const { memberId } = admitted(await admit(known));
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', memberId).execute());
  await transaction(signInActor, (tx) => tx.deleteFrom('sessions').where('member_id', '=', memberId).execute());
  const id = await makeMember('gone@halden.example', { disabled_at: new Date() });
  for (const [identity, member] of [[known, memberId], [person({ email: { address: 'gone@halden.example', verified: true } }), id]] as const) {
    const decision = await admit(identity);
    assert.deepEqual(decision, { refusal: 'member-disabled', memberId: member });
    assert.equal((await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('id').where('member_id', '=', member).execute())).length, 0);
  }
});

test('an address in ADMIN_EMAILS is an admin at the first sign-in and is not made one again later', async () => {
  useEnv({ ...variables, ADMIN_EMAILS: 'Boss@halden.example' });
  const boss = person({ email: { address: 'boss@halden.example', verified: true } });
  const first = admitted(await admit(boss));
  assert.equal((await findActor(first.token))?.role, 'admin');
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ role: 'employee' }).where('id', '=', first.memberId).execute());
  assert.equal((await findActor(admitted(await admit(boss)).token))?.role, 'employee');
  useEnv(variables);
});

test('memberships follow the claim: named groups of ours in, others out, hand-made ones untouched', async () => {
  const [one, two, byHand] = await Promise.all([makeGroup(), makeGroup(), makeGroup()]);
  const who = person({ groups: [one.name, 'a group that nobody made'] });
  const { memberId } = admitted(await admit(who));
  await transaction(signInActor, (tx) => tx.insertInto('memberships').values({ member_id: memberId, group_id: byHand.id }).execute());
  assert.deepEqual(await groupsOf(memberId), [one.id, byHand.id].toSorted());
  await admit({ ...who, groups: [two.name, byHand.name] });
  assert.deepEqual(await groupsOf(memberId), [two.id, byHand.id].toSorted());
  await admit({ ...who, groups: [] });
  assert.deepEqual(await groupsOf(memberId), [byHand.id]);
  assert.equal((await transaction(signInActor, (tx) => sql<{ count: number }>`select count(*) from groups where name like 'a group that%'`.execute(tx))).rows[0]?.count, 0);
});

test('one person who signs in for the first time in eight windows at once is one member', async () => {
  const who = person();
  const decisions = await Promise.all(Array.from({ length: 8 }, () => admit(who)));
  assert.equal(new Set(decisions.map((decision) => admitted(decision).memberId)).size, 1);
});

test('a session ends twelve hours after it began', async () => {
  const { expiresAt } = admitted(await admit(person()));
  assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 12 * 3_600_000) < 60_000);
});

test('a token that is unknown, empty or not a token is nobody', async () => {
  for (const token of [null, '', 'x'.repeat(43)]) assert.equal(await findActor(token), null);
});
