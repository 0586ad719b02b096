/** Groups inside groups as admins make and undo them, and what the list of groups says of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { isProblem, type ProblemCode } from '#lib/errors.ts';
import { addGroups, addMember } from '../access/testing.ts';
import { markGroup } from './mark.ts';
import { nestGroup, unnestGroup } from './nest.ts';
import { listGroups } from './read.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const rejects = (what: Promise<unknown>, code: ProblemCode) => assert.rejects(what, (error) => isProblem(error, code));

test('a group is put into another and taken out, each once, each on record', async () => {
  const admin = await addMember('admin');
  const [inner = '', outer = ''] = await addGroups(2);
  assert.equal(await nestGroup(admin, { inner, outer }), undefined);
  assert.equal(await nestGroup(admin, { inner, outer }), undefined);
  const listed = (await listGroups(admin, { limit: 200 })).items.find(({ id }) => id === outer);
  assert.deepEqual([listed?.inner.map(({ id }) => id), listed?.sensitive], [[inner], false]);
  await unnestGroup(admin, { inner, outer });
  await unnestGroup(admin, { inner, outer });
  const events = await transaction(await addMember('compliance'), (tx) => tx.selectFrom('audit_records').select('event').where('subject_id', '=', outer).orderBy('seq').execute());
  assert.deepEqual(events.map(({ event }) => event), ['nesting.added', 'nesting.removed']);
});

test('a circle, the group of everyone and groups that do not exist are refused in words', async () => {
  const admin = await addMember('admin');
  const [one = '', two = ''] = await addGroups(2);
  await nestGroup(admin, { inner: one, outer: two });
  await rejects(nestGroup(admin, { inner: two, outer: one }), 'group-cycle');
  await rejects(nestGroup(admin, { inner: one, outer: one }), 'group-cycle');
  const everyone = (await listGroups(admin, { limit: 200, q: 'Everyone' })).items[0]?.id ?? '';
  await rejects(nestGroup(admin, { inner: one, outer: everyone }), 'invalid-input');
  await rejects(markGroup(admin, everyone, { sensitive: true }), 'invalid-input');
  await rejects(nestGroup(admin, { inner: one, outer: admin.id }), 'not-found');
  await rejects(unnestGroup(admin, { inner: one, outer: admin.id }), 'not-found');
});

test('nobody but an admin nests or marks groups', async () => {
  const [inner = '', outer = ''] = await addGroups(2);
  const compliance = await addMember('compliance');
  await assert.rejects(nestGroup(compliance, { inner, outer }));
  await rejects(nestGroup(await addMember(), { inner, outer }), 'not-found');
  await rejects(markGroup(compliance, outer, { sensitive: true }), 'not-permitted');
  assert.equal((await listGroups(compliance, { limit: 200 })).items.find(({ id }) => id === outer)?.sensitive, false);
});
