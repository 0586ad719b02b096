/** API keys on a real database: whose they are, what is kept, when they stop working, and what is recorded. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { signInActor, type MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { readRecord } from '../audit/read.ts';
import { findKeyActor } from '../auth/api-key.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { sqlState, transaction } from '../db/transaction.ts';
import { isProblem, type ProblemCode } from '../errors.ts';
import { addMember } from '../search/testing.ts';
import { listKeys, listMemberKeys, memberKeyQuery } from './read.ts';
import { hashKey, newKey, prefixOf } from './token.ts';
import { keyLimits, makeKey, newKeyInput, revokeKey } from './write.ts';

let database: TestDatabase;
let admin: MemberActor;
let compliance: MemberActor;
before(async () => {
  database = await openTestDatabase();
  [admin, compliance] = await Promise.all([addMember('Ada', 'admin'), addMember('Cora', 'compliance')]);
});
after(() => database.stop());

const input = newKeyInput.parse({ name: 'Editor', scopes: ['search', 'ask'], days: 30 });

/** As the owner of the tables, whom row-level security does not hold. */
async function asOwner(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

async function recordsAbout(id: string): Promise<{ event: string; actor_id: string; subject_name: string; details: Record<string, unknown> }[]> {
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select('body').where('subject_id', '=', id).orderBy('seq').execute());
  return rows.map((row) => JSON.parse(row.body.toString()));
}

const rejectsWith = (work: Promise<unknown>, code: ProblemCode) => assert.rejects(work, (error) => isProblem(error, code));
const refusalOf = async (key: string) => (await findKeyActor(key)).refusal;

test('a key is told once, kept as a hash, and nothing of it is in the log', async () => {
  const member = await addMember('Mira');
  const made = await makeKey(member, input);
  assert.deepEqual([made.name, made.scopes, made.state, made.lastUsedAt, made.prefix], ['Editor', ['ask', 'search'], 'active', null, prefixOf(made.key)]);
  assert.ok(Math.abs(Date.parse(made.expiresAt) - Date.now() - 30 * 86_400_000) < 60_000);
  const [listed] = await listKeys(member);
  const { key, ...row } = made;
  assert.deepEqual(listed, row);
  const kept = JSON.stringify([await asOwner('select * from api_keys'), (await asOwner('select body, content from audit_records')).map((each) => String(each['body']) + String(each['content']))]);
  assert.ok(!kept.includes(key.slice(11)));
  const [record] = await recordsAbout(made.id);
  assert.deepEqual([record?.event, record?.actor_id, record?.subject_name, record?.details], ['key.made', member.id, 'Editor', { prefix: made.prefix, scopes: ['ask', 'search'], expiresAt: made.expiresAt }]);
});

test('a key carries its member\'s role at the moment of use, and none once they are disabled', async () => {
  const member = await addMember('Noor');
  const { key, id } = await makeKey(member, input);
  const first = (await findKeyActor(key)).actor;
  assert.deepEqual(first, { ...member, key: { id, name: 'Editor', scopes: ['ask', 'search'] } });
  await asOwner(`update members set role = 'compliance' where id = $1`, [member.id]);
  assert.equal((await findKeyActor(key)).actor?.role, 'compliance');
  await asOwner('update members set disabled_at = now() where id = $1', [member.id]);
  assert.deepEqual(await findKeyActor(key), { actor: null, refusal: 'member-disabled', key: { id, name: 'Editor', memberId: member.id } });
});

test('a key that is unknown, misspelt, revoked or over is refused, and it is known which', async () => {
  const member = await addMember('Olaf');
  const [revoked, ended] = await Promise.all([makeKey(member, input), makeKey(member, input)]);
  await revokeKey(member, revoked.id);
  await asOwner(`update api_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = $1`, [ended.id]);
  assert.equal(await refusalOf(newKey()), 'unknown');
  assert.equal(await refusalOf(`${revoked.key.slice(0, -1)}!`), 'malformed');
  assert.equal(await refusalOf(revoked.key), 'revoked');
  assert.equal(await refusalOf(ended.key), 'ended');
  assert.deepEqual((await listKeys(member)).map(({ id, state }) => [id, state]).sort(), [[revoked.id, 'revoked'], [ended.id, 'ended']].sort());
});

test('members see and revoke their own keys, admins everybody\'s, and nobody else any', async () => {
  const [owner, other] = await Promise.all([addMember('Pia'), addMember('Quin')]);
  const [first, second] = [await makeKey(owner, input), await makeKey(owner, input)];
  const theirs = memberKeyQuery.parse({ member: owner.id });
  for (const stranger of [other, compliance]) {
    assert.deepEqual((await listMemberKeys(stranger, theirs)).items, []);
    await rejectsWith(revokeKey(stranger, first.id), 'not-found');
  }
  assert.equal((await findKeyActor(first.key)).refusal, null);
  assert.deepEqual((await listMemberKeys(admin, theirs)).items.map(({ id, member }) => [id, member.name]), [[second.id, 'Pia'], [first.id, 'Pia']]);
  await revokeKey(owner, first.id);
  await revokeKey(admin, second.id);
  await revokeKey(admin, second.id);
  assert.deepEqual([await refusalOf(first.key), await refusalOf(second.key)], ['revoked', 'revoked']);
  assert.deepEqual((await recordsAbout(first.id)).map(({ event, details }) => [event, details['by']]), [['key.made', undefined], ['key.revoked', 'the member']]);
  assert.deepEqual((await recordsAbout(second.id)).map(({ event, details }) => [event, details['by']]), [['key.made', undefined], ['key.revoked', 'an admin']]);
  await rejectsWith(revokeKey(admin, randomUUID()), 'not-found');
});

test('an admin reads through all keys page by page, those that work first, each once, and odd cursors do no harm', async () => {
  const member = await addMember('Rosa');
  const made = [];
  for (let count = 0; count < 7; count += 1) made.push(await makeKey(member, input));
  for (const one of made.slice(0, 3)) await revokeKey(member, one.id);
  const seen: { id: string; state: string }[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await listMemberKeys(admin, memberKeyQuery.parse({ member: member.id, limit: 2, cursor }));
    seen.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  assert.deepEqual(seen.map(({ state }) => state), ['active', 'active', 'active', 'active', 'revoked', 'revoked', 'revoked']);
  assert.equal(new Set(seen.map(({ id }) => id)).size, 7);
  for (const values of [['x', 'y', 'z'], ['1', '', '\'; drop table api_keys'], ['1']]) {
    const cursor = Buffer.from(JSON.stringify(values)).toString('base64url');
    assert.ok(Array.isArray((await listMemberKeys(admin, memberKeyQuery.parse({ cursor }))).items));
  }
});

test('the database itself lets nobody read a hash, make a key for another, lengthen one, or take a revocation back', async () => {
  const [member, other] = await Promise.all([addMember('Sven'), addMember('Tess')]);
  const { id } = await makeKey(member, input);
  const denied = (actor: MemberActor, work: Parameters<typeof transaction<unknown>>[1]) => assert.rejects(transaction(actor, work), (error) => sqlState(error) === '42501');
  await denied(member, (tx) => tx.selectFrom('api_keys').select('key_sha256').execute());
  await denied(admin, (tx) => tx.selectFrom('api_keys').select('id').where('key_sha256', '=', hashKey(newKey())).execute());
  const row = { id: randomUUID(), name: 'x', prefix: 'attest_abcd', key_sha256: hashKey(newKey()), scopes: ['ask'], expires_at: new Date(Date.now() + 1e9) };
  await denied(admin, (tx) => tx.insertInto('api_keys').values({ ...row, member_id: member.id }).execute());
  await denied(member, (tx) => tx.updateTable('api_keys').set({ expires_at: new Date(Date.now() + 1e10) }).where('id', '=', id).execute());
  await denied(member, (tx) => tx.updateTable('api_keys').set({ scopes: ['ask', 'search'] }).where('id', '=', id).execute());
  for (const broken of [{ expires_at: new Date(Date.now() + 400 * 86_400_000) }, { scopes: ['ask', 'admin'] }, { scopes: [] }, { key_sha256: Buffer.from('short') }, { name: '' }, { prefix: 'attest_abcdef' }]) {
    await assert.rejects(transaction(member, (tx) => tx.insertInto('api_keys').values({ ...row, id: randomUUID(), ...broken, member_id: member.id }).execute()), (error) => sqlState(error) === '23514', JSON.stringify(broken));
  }
  await revokeKey(member, id);
  const undone = await transaction(member, (tx) => tx.updateTable('api_keys').set({ revoked_at: null }).where('id', '=', id).executeTakeFirst());
  assert.equal(undone.numUpdatedRows, 0n);
  const reached = await transaction(other, (tx) => tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst());
  assert.equal(reached.numDeletedRows, 0n);
});

test('what is asked of a new key is held: a name, a scope that exists, an end within a year, and not too many', async () => {
  const good = { name: 'n', scopes: ['ask'], days: 365 };
  assert.ok(newKeyInput.safeParse(good).success);
  assert.deepEqual(newKeyInput.parse({ ...good, scopes: ['ask', 'ask'] }).scopes, ['ask']);
  for (const bad of [{ name: ' ' }, { name: 'a\u0000b' }, { name: 'x'.repeat(81) }, { name: '\ud800' }, { scopes: [] }, { scopes: ['admin'] }, { days: 0 }, { days: 366 }, { days: 1.5 }, { days: null }, { memberId: randomUUID() }]) {
    assert.equal(newKeyInput.safeParse({ ...good, ...bad }).success, false, JSON.stringify(bad));
  }
  const member = await addMember('Ugo');
  const made = [];
  for (let count = 0; count < keyLimits.activeMax; count += 1) made.push(await makeKey(member, input));
  await rejectsWith(makeKey(member, input), 'invalid-input');
  await revokeKey(member, made[0]?.id ?? '');
  await makeKey(member, input);
});

test('a key that ended long ago is dropped when its member makes the next one', async () => {
  const member = await addMember('Vera');
  const old = await makeKey(member, input);
  await asOwner(`update api_keys set created_at = now() - interval '200 days', expires_at = now() - interval '91 days' where id = $1`, [old.id]);
  await makeKey(member, input);
  assert.equal(await refusalOf(old.key), 'unknown');
});

test('using a key is noted at most once a minute', async () => {
  const member = await addMember('Wim');
  const { id, key } = await makeKey(member, input);
  const usedAt = async () => String((await asOwner('select last_used_at::text as at from api_keys where id = $1', [id]))[0]?.['at']);
  await findKeyActor(key);
  const first = await usedAt();
  assert.notEqual(first, 'null');
  await Promise.all([findKeyActor(key), findKeyActor(key)]);
  assert.equal(await usedAt(), first);
  await asOwner(`update api_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [id]);
  await findKeyActor(key);
  assert.ok(Date.parse(await usedAt()) >= Date.parse(first) - 1000);
  await revokeKey(member, id);
  const before = await usedAt();
  await asOwner(`update api_keys set last_used_at = now() - interval '1 hour' where id = $1`, [id]);
  await findKeyActor(key);
  assert.ok(Date.parse(await usedAt()) < Date.parse(before), 'a refused use is no use');
});

test('what a member does through a key is recorded with the key, and what they do in person without', async () => {
  const member = await addMember('Xena');
  const { key } = await makeKey(member, input);
  const actor = (await findKeyActor(key)).actor;
  assert.ok(actor);
  const seqs = [await transaction(actor, (tx) => appendRecord(tx, actor, { event: 'feedback.given' })), await transaction(member, (tx) => appendRecord(tx, member, { event: 'feedback.given' }))];
  const [through, inPerson] = await Promise.all(seqs.map((seq) => readRecord(compliance, seq)));
  assert.deepEqual([through?.key, through?.actorId, through?.intact], [{ id: actor.key?.id, name: 'Editor' }, member.id, true]);
  assert.equal(inPerson?.key, null);
});

test('sign-in and provisioning can take every key of a member who leaves', async () => {
  const member = await addMember('Yara');
  const { key } = await makeKey(member, input);
  await transaction(signInActor, (tx) => tx.deleteFrom('api_keys').where('member_id', '=', member.id).execute());
  assert.equal(await refusalOf(key), 'unknown');
});

test('how long an unknown key takes to refuse does not tell how much of it is right', async () => {
  const { key } = await makeKey(await addMember('Zoe'), input);
  // As near as one can get: the checksum fits, so that the database is asked, and all but the end is the same.
  const wrong = newKey();
  const near = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef'].map((end) => key.slice(0, 49) + end).map((body) => body + wrong.slice(50));
  const refusedIn = async (shown: string): Promise<number> => {
    const began = performance.now();
    await transaction(signInActor, (tx) => tx.selectFrom('api_keys').select('id').where('key_sha256', '=', hashKey(shown)).execute());
    return performance.now() - began;
  };
  const median = (values: number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
  const measure = async (): Promise<number> => {
    const times = { near: new Array<number>(), far: new Array<number>() };
    for (let round = 0; round < 200; round += 1) {
      const shown = { near: near[round % near.length] ?? '', far: wrong };
      // Each goes first as often as the other: whichever follows finds everything warm.
      for (const name of round % 2 === 0 ? (['near', 'far'] as const) : (['far', 'near'] as const)) times[name].push(await refusedIn(shown[name]));
    }
    return median(times.near) / median(times.far);
  };
  // What tells anything tells it every time; what a busy machine does once is nothing to learn from.
  const ratios: number[] = [];
  do ratios.push(await measure());
  while (ratios.length < 5 && Math.abs(Math.log(ratios.at(-1) ?? 1)) > Math.log(1.3));
  assert.ok(Math.abs(Math.log(ratios.at(-1) ?? 0)) <= Math.log(1.3), ratios.join(', '));
});
