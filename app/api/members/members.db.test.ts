/** Members, groups and sessions on a real database: what changes, what is recorded, what is refused. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { signInActor, type MemberActor, type Role } from '#lib/actor.ts';
import { appendRecord } from '#lib/audit/append.ts';
import { findActor, hashToken, newSessionToken } from '#lib/auth/session.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { isProblem, type ProblemCode } from '#lib/errors.ts';
import { listGroups } from '#lib/groups/read.ts';
import { addGroup, addToGroup, removeFromGroup, removeGroup } from '#lib/groups/write.ts';
import { memberQuery } from '#lib/members/query.ts';
import { listMembers } from '#lib/members/read.ts';
import { endSession, listSessions } from '#lib/members/sessions.ts';
import { changeMember } from '#lib/members/write.ts';

let database: TestDatabase;
let admin: MemberActor;
let compliance: MemberActor;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());
beforeEach(async () => {
  await transaction(signInActor, async (tx) => void (await tx.updateTable('members').set({ role: 'employee' }).execute()));
  admin = await makeMember('admin');
  compliance = await makeMember('compliance');
});

async function makeMember(role: Role = 'employee', name = `Person ${randomUUID()}`): Promise<MemberActor> {
  const member = { id: randomUUID(), name, email: `${randomUUID()}@halden.example`, role };
  await transaction(signInActor, (tx) => tx.insertInto('members').values(member).execute());
  return { kind: 'member', ...member };
}

async function makeSession(member: MemberActor, ms = 60_000): Promise<string> {
  const token = newSessionToken();
  await transaction(signInActor, (tx) =>
    tx.insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: member.id, expires_at: new Date(Date.now() + ms) }).execute(),
  );
  return token;
}

async function recordsAbout(subjectId: string): Promise<{ event: string; details: Record<string, unknown> }[]> {
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select('body').where('subject_id', '=', subjectId).orderBy('seq').execute());
  return rows.map((row) => JSON.parse(row.body.toString()));
}

function rejectsWith(work: Promise<unknown>, code: ProblemCode): Promise<void> {
  return assert.rejects(work, (error) => isProblem(error, code));
}

test('a role that changes is recorded with what it was and what it is', async () => {
  const member = await makeMember();
  assert.equal((await changeMember(admin, member.id, { role: 'compliance' })).role, 'compliance');
  const [record] = await recordsAbout(member.id);
  assert.equal(record?.event, 'member.changed');
  assert.deepEqual(record.details, { before: { role: 'employee', disabled: false }, after: { role: 'compliance', disabled: false }, sessionsEnded: 0 });
});

test('a change to what is already so leaves no record', async () => {
  const member = await makeMember();
  await changeMember(admin, member.id, { role: 'employee' });
  assert.deepEqual(await recordsAbout(member.id), []);
});

test('disabling a member ends their sessions at once', async () => {
  const member = await makeMember();
  const token = await makeSession(member);
  assert.equal((await findActor(token))?.id, member.id);
  assert.notEqual((await changeMember(admin, member.id, { disabled: true })).disabledAt, null);
  assert.equal(await findActor(token), null);
  assert.equal((await recordsAbout(member.id))[0]?.details['sessionsEnded'], 1);
  await changeMember(admin, member.id, { disabled: false });
  assert.equal(await findActor(token), null);
});

test('of two people who change one member from the same page, the second is told', async () => {
  const member = await makeMember();
  const expected = { role: 'employee', disabled: false } as const;
  await changeMember(admin, member.id, { role: 'compliance', expected });
  await rejectsWith(changeMember(admin, member.id, { role: 'admin', expected }), 'edit-conflict');
});

test('the last admin can neither step down nor be disabled', async () => {
  await rejectsWith(changeMember(admin, admin.id, { role: 'employee' }), 'invalid-input');
  await rejectsWith(changeMember(admin, admin.id, { disabled: true }), 'invalid-input');
  const disabled = await makeMember('admin');
  await changeMember(admin, disabled.id, { disabled: true });
  await rejectsWith(changeMember(admin, admin.id, { role: 'employee' }), 'invalid-input');
});

test('an admin may step down when another stays', async () => {
  await makeMember('admin');
  assert.equal((await changeMember(admin, admin.id, { role: 'employee' })).role, 'employee');
});

test('two admins who demote each other at the same moment leave one admin', async () => {
  const other = await makeMember('admin');
  const results = await Promise.allSettled([changeMember(admin, other.id, { role: 'employee' }), changeMember(other, admin.id, { role: 'employee' })]);
  assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1, JSON.stringify(results));
  const admins = await transaction(signInActor, (tx) => tx.selectFrom('members').select('id').where('role', '=', 'admin').execute());
  assert.equal(admins.length, 1);
});

test('the database refuses a change by somebody who is no admin, whatever the route let through', async () => {
  const member = await makeMember();
  for (const actor of [await makeMember(), compliance]) {
    await assert.rejects(changeMember(actor, member.id, { role: 'admin' }));
    await assert.rejects(addGroup(actor, { name: `Group ${randomUUID()}` }));
  }
  const row = await transaction(signInActor, (tx) => tx.selectFrom('members').select('role').where('id', '=', member.id).executeTakeFirst());
  assert.equal(row?.role, 'employee');
});

test('a change whose record cannot be written does not happen', async () => {
  const member = await makeMember();
  await assert.rejects(
    transaction(admin, async (tx) => {
      await tx.updateTable('members').set({ role: 'admin' }).where('id', '=', member.id).execute();
      await appendRecord(tx, { ...admin, id: randomUUID() }, { event: 'member.changed' });
    }),
    (error) => isProblem(error, 'record-not-written'),
  );
  const row = await transaction(signInActor, (tx) => tx.selectFrom('members').select('role').where('id', '=', member.id).executeTakeFirst());
  assert.equal(row?.role, 'employee');
});

test('employees see themselves in the list and nobody else', async () => {
  const member = await makeMember();
  assert.deepEqual((await listMembers(member, memberQuery.parse({}))).items.map((row) => row.id), [member.id]);
  assert.ok((await listMembers(admin, memberQuery.parse({ limit: 200 }))).items.length > 2);
});

test('the list of members goes on page by page, each member once', async () => {
  const marker = randomUUID();
  const made = await Promise.all(Array.from({ length: 7 }, (_, index) => makeMember('employee', `${marker} ${index % 3}`)));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listMembers(admin, memberQuery.parse({ q: marker, limit: 3, cursor }));
    seen.push(...page.items.map((row) => row.id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen.toSorted(), made.map((member) => member.id).toSorted());
});

test('what is searched for is taken literally', async () => {
  const marker = randomUUID();
  await makeMember('employee', `${marker} 100%_\\`);
  await makeMember('employee', `${marker} 1000`);
  assert.equal((await listMembers(admin, memberQuery.parse({ q: `${marker} 100%_\\` }))).items.length, 1);
  assert.equal((await listMembers(admin, memberQuery.parse({ q: `${marker} 100%0` }))).items.length, 0);
});

test('a group is added, filled, emptied and removed, with a record each', async () => {
  const member = await makeMember();
  const group = await addGroup(admin, { name: `Group ${randomUUID()}` });
  await addToGroup(admin, group.id, member.id);
  await addToGroup(admin, group.id, member.id);
  assert.equal((await listGroups(admin, memberQuery.parse({ q: group.name }))).items[0]?.members, 1);
  assert.deepEqual((await listMembers(admin, memberQuery.parse({ group: group.id }))).items[0]?.groups, [{ id: group.id, name: group.name }]);
  await removeFromGroup(admin, group.id, member.id);
  await removeFromGroup(admin, group.id, member.id);
  await removeGroup(admin, group.id);
  assert.deepEqual((await recordsAbout(group.id)).map((record) => record.event), ['group.added', 'membership.added', 'membership.removed', 'group.removed']);
});

test('removing a group records every right that goes with it', async () => {
  const group = await addGroup(admin, { name: `Group ${randomUUID()}` });
  const [collection, grant] = [randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collection, name: `Collection ${collection}` }).execute();
    await tx.insertInto('grants').values({ id: grant, collection_id: collection, group_id: group.id, permission: 'read' }).execute();
  });
  await removeGroup(admin, group.id);
  assert.deepEqual((await recordsAbout(grant)).map((record) => record.event), ['grant.removed']);
  assert.equal((await transaction(admin, (tx) => tx.selectFrom('grants').select('id').where('id', '=', grant).execute())).length, 0);
});

test('two groups cannot have one name, and nobody leaves the group of everyone', async () => {
  const group = await addGroup(admin, { name: `Group ${randomUUID()}` });
  await rejectsWith(addGroup(admin, { name: group.name }), 'already-exists');
  const everyone = (await listGroups(admin, memberQuery.parse({ limit: 200 }))).items.find((one) => one.everyone)?.id ?? '';
  await rejectsWith(removeGroup(admin, everyone), 'invalid-input');
  await rejectsWith(addToGroup(admin, everyone, admin.id), 'invalid-input');
  await rejectsWith(addToGroup(admin, randomUUID(), admin.id), 'not-found');
  await rejectsWith(addToGroup(admin, group.id, randomUUID()), 'not-found');
});

test('members see and end their own sessions, admins end anybody’s, nobody else can', async () => {
  const member = await makeMember();
  const tokens = [await makeSession(member), await makeSession(member), await makeSession(member, -1)];
  const sessions = await listSessions(member, null);
  assert.equal(sessions.length, 2);
  const [first, second] = sessions;
  assert.ok(first && second);
  await rejectsWith(endSession(await makeMember(), first.id), 'not-found');
  await rejectsWith(endSession(compliance, first.id), 'not-found');
  await endSession(member, first.id);
  await endSession(admin, second.id);
  assert.deepEqual(await Promise.all(tokens.map((token) => findActor(token))), [null, null, null]);
  assert.deepEqual((await recordsAbout(member.id)).map((record) => record.details['by']), ['the member', 'an admin']);
});
