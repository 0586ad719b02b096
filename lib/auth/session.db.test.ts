/** How long a session lasts, how many there may be, and what its look-up costs and tells. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { signInActor, type MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { useEnv } from '../env.ts';
import { endSessionsOf, listEveryonesSessions, listSessions } from '../members/sessions.ts';
import { listQuery } from '../members/query.ts';
import { admit, type Circumstances } from './admit.ts';
import { sessionCookieName } from './cookies.ts';
import { findActor, hashToken, readActor, readSessionId, unattendedHeader } from './session.ts';

const variables = { AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'test', LOG_LEVEL: 'silent' };
let database: TestDatabase;
let subject: string;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());
beforeEach(() => {
  useEnv(variables);
  subject = randomUUID();
});

async function signIn(circumstances: Circumstances = {}, of = subject): Promise<{ token: string; memberId: string; expiresAt: Date }> {
  const decision = await admit({ provider: 'company', subject: of, email: { address: `${of}@halden.example`, verified: true }, name: `Person ${of}`, groups: [], role: undefined }, circumstances);
  assert.ok('token' in decision);
  return decision;
}

/** Pretends that the session was used last that many minutes ago. */
async function ageUse(token: string, minutes: number): Promise<Date> {
  const last_used_at = new Date(Date.now() - minutes * 60_000);
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set({ last_used_at }).where('token_sha256', '=', hashToken(token)).execute());
  return last_used_at;
}
async function lastUse(token: string): Promise<number> {
  const row = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('last_used_at').where('token_sha256', '=', hashToken(token)).executeTakeFirstOrThrow());
  return row.last_used_at.getTime();
}
const requestWith = (token: string, headers: Record<string, string> = {}) => new Request('http://127.0.0.1:3000/api/profile', { headers: { cookie: `${sessionCookieName()}=${token}`, ...headers } });

test('a session that nobody used for an hour is over, and a used one is not', async () => {
  const { token } = await signIn();
  await ageUse(token, 59);
  assert.notEqual(await findActor(token), null);
  await ageUse(token, 61);
  assert.equal(await findActor(token), null);
  assert.equal(await findActor(token), null, 'asking does not bring it back');
});

test('SESSION_IDLE_MINUTES and SESSION_HOURS decide, also for sessions that began before', async () => {
  const { token } = await signIn();
  await ageUse(token, 6);
  useEnv({ ...variables, SESSION_IDLE_MINUTES: '5' });
  assert.equal(await findActor(token), null);
  useEnv({ ...variables, SESSION_HOURS: '2' });
  const { expiresAt } = await signIn({}, randomUUID());
  assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 2 * 3_600_000) < 60_000);
  assert.throws(() => { useEnv({ ...variables, SESSION_IDLE_MINUTES: '0' }); }, /SESSION_IDLE_MINUTES/);
});

test('however often it is used, a session ends at its hour', async () => {
  const { token } = await signIn();
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set({ expires_at: new Date(Date.now() - 1000) }).where('token_sha256', '=', hashToken(token)).execute());
  assert.equal(await findActor(token), null);
});

test('use is written at most once a minute, and never by what a page repeats by itself', async () => {
  const { token } = await signIn();
  const recent = (await ageUse(token, 0.5)).getTime();
  await findActor(token);
  assert.equal(await lastUse(token), recent);
  const older = (await ageUse(token, 2)).getTime();
  await readActor(requestWith(token, { [unattendedHeader]: '1' }));
  assert.equal(await lastUse(token), older);
  await Promise.all(Array.from({ length: 10 }, () => readActor(requestWith(token))));
  assert.ok((await lastUse(token)) > Date.now() - 10_000);
});

test('a member has at most SESSIONS_MAX sessions: the one unused for longest makes room, and that is on record', async () => {
  useEnv({ ...variables, SESSIONS_MAX: '3' });
  const tokens: string[] = [];
  for (let index = 0; index < 3; index += 1) tokens.push((await signIn()).token);
  await ageUse(tokens[1] ?? '', 30);
  const newest = await signIn();
  assert.deepEqual(await Promise.all([...tokens, newest.token].map(async (token) => (await findActor(token)) !== null)), [true, false, true, true]);
  const other = await signIn({}, randomUUID());
  assert.notEqual(await findActor(other.token), null);
  assert.notEqual(await findActor(newest.token), null, 'others take no room of theirs');
});

test('ten sign-ins at once leave no more than the limit', async () => {
  useEnv({ ...variables, SESSIONS_MAX: '3' });
  await signIn();
  const all = await Promise.all(Array.from({ length: 10 }, () => signIn()));
  const left = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('id').where('member_id', '=', all[0]?.memberId ?? '').execute());
  assert.ok(left.length <= 3, String(left.length));
});

test('a sign-in ends the session the browser carried and makes another token of 256 bits', async () => {
  const first = await signIn();
  const second = await signIn({ previousToken: first.token });
  assert.equal(await findActor(first.token), null);
  assert.match(second.token, /^[\w-]{43}$/);
  assert.notEqual(first.token, second.token);
});

test('people see their own sessions with device, provider and use; admins everybody’s; nobody else', async () => {
  const own = await signIn({ device: 'Firefox on Linux' });
  const actor = await findActor(own.token);
  assert.ok(actor);
  const [row] = await listSessions(actor, await readSessionId(requestWith(own.token)));
  assert.deepEqual([row?.device, row?.provider, row?.current, row?.member.name], ['Firefox on Linux', 'company', true, actor.name]);
  const other = await signIn({}, randomUUID());
  const query = listQuery.parse({ limit: 200 });
  assert.deepEqual((await listEveryonesSessions(actor, query, null)).items.map((item) => item.member.id), [actor.id], 'an employee sees their own even where a route would let them ask');
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ role: 'admin' }).where('id', '=', actor.id).execute());
  const admin: MemberActor = { ...actor, role: 'admin' };
  const everyones = await listEveryonesSessions(admin, query, null);
  assert.ok(everyones.items.some((item) => item.member.id === other.memberId));
  const names = everyones.items.map((item) => item.member.name.toLowerCase());
  assert.deepEqual(names, names.toSorted());
  assert.ok((await listEveryonesSessions(admin, { ...query, q: 'nobody at all' }, null)).items.length === 0);
  const [first, second] = [await listEveryonesSessions(admin, { ...query, limit: 1 }, null), await listEveryonesSessions(admin, { ...query, limit: 1, ...{ cursor: (await listEveryonesSessions(admin, { ...query, limit: 1 }, null)).next ?? '' } }, null)];
  assert.notEqual(first.items[0]?.id, second.items[0]?.id);
  await assert.rejects(transaction(admin, (tx) => tx.selectFrom('sessions').select('token_sha256').execute()), /permission denied/);
  await assert.rejects(transaction(admin, (tx) => tx.selectFrom('sessions').select('id_token').execute()), /permission denied/);
});

test('one ends all of one’s other sessions, an admin all of somebody’s, and an employee nobody else’s', async () => {
  const [one, two] = [await signIn(), await signIn()];
  const actor = await findActor(one.token);
  assert.ok(actor);
  assert.equal(await endSessionsOf(actor, actor.id, await readSessionId(requestWith(one.token))), 1);
  assert.equal(await findActor(two.token), null);
  const other = await signIn({}, randomUUID());
  assert.equal(await endSessionsOf(actor, other.memberId, null), 0);
  assert.notEqual(await findActor(other.token), null);
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ role: 'admin' }).where('id', '=', actor.id).execute());
  assert.equal(await endSessionsOf({ ...actor, role: 'admin' }, other.memberId, null), 1);
  assert.equal(await findActor(other.token), null);
});
