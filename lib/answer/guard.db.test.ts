/** The guard over an answer, on a real database: whatever ends, the answer ends within two seconds, and nothing else ends it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seedActor, type MemberActor, type Role } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { standGuard, type Loss } from './guard.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const cutMsMax = 2000;

async function addMember(role: Role = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: `${id}@example.test`, name: 'Member', role }).execute());
  return { kind: 'member', id, role, name: '', email: '' };
}

/** A document that the member may read through a group inside another, with a guard that stands over it. */
async function stand(stillSignedIn: () => Promise<boolean> = () => Promise.resolve(true)) {
  const [admin, member] = [await addMember('admin'), await addMember()];
  const [collection, document, grant, inner, outer] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('groups').values([{ id: inner, name: inner }, { id: outer, name: outer }]).execute();
    await tx.insertInto('memberships').values({ member_id: member.id, group_id: inner }).execute();
    await tx.insertInto('group_nestings').values({ inner_group_id: inner, outer_group_id: outer }).execute();
    await tx.insertInto('collections').values({ id: collection, name: collection }).execute();
    await tx.insertInto('documents').values({ id: document, collection_id: collection, title: 'Plan' }).execute();
    await tx.insertInto('grants').values({ id: grant, collection_id: collection, group_id: outer, permission: 'read' }).execute();
  });
  const told: Loss[] = [];
  const guard = standGuard(member, stillSignedIn, (loss) => told.push(loss));
  guard.relyOn([document]);
  return { admin, member, guard, told, ids: { collection, document, grant, inner, outer } };
}

async function lossWithin(ms: number, { guard }: { guard: ReturnType<typeof standGuard> }): Promise<Loss | null> {
  for (const end = performance.now() + ms; performance.now() < end && guard.loss() === null;) await sleep(20);
  return guard.loss();
}

const ways: readonly (readonly [string, Loss, (standing: Awaited<ReturnType<typeof stand>>) => Promise<unknown>])[] = [
  ['the grant is removed', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.deleteFrom('grants').where('id', '=', ids.grant).execute())],
  ['the grant reaches its end', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.updateTable('grants').set({ expires_at: new Date() }).where('id', '=', ids.grant).execute())],
  ['the member leaves the group', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.deleteFrom('memberships').where('group_id', '=', ids.inner).execute())],
  ['the group leaves the other one', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.deleteFrom('group_nestings').where('inner_group_id', '=', ids.inner).execute())],
  ['the document is restricted', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.updateTable('documents').set({ restricted: true }).where('id', '=', ids.document).execute())],
  ['the document is deleted', 'document-not-readable', ({ admin, ids }) => transaction(admin, (tx) => tx.updateTable('documents').set({ deleted_at: new Date() }).where('id', '=', ids.document).execute())],
  ['the member is disabled', 'member-disabled', ({ admin, member }) => transaction(admin, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', member.id).execute())],
];

// Side by side, for each of them mostly waits.
suite('an answer under guard', { concurrency: ways.length }, () => {
  for (const [what, expected, act] of ways) {
    test(`when ${what} the answer ends within two seconds, once`, async () => {
      const standing = await stand();
      await sleep(300);
      await act(standing);
      assert.equal(await lossWithin(cutMsMax, standing), expected);
      assert.equal(standing.guard.signal.aborted, true);
      await sleep(1200);
      assert.deepEqual(standing.told, [expected]);
    });
  }
});

test('when what the question came with would not be let in any more the answer ends within two seconds', async () => {
  let signedIn = true;
  const standing = await stand(() => Promise.resolve(signedIn));
  assert.equal(await lossWithin(1500, standing), null);
  signedIn = false;
  assert.equal(await lossWithin(cutMsMax, standing), 'signed-out');
});

test('while nothing is lost, or the database is away for a moment, the answer goes on', async () => {
  let asked = 0;
  const standing = await stand(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(true);
  });
  assert.equal(await lossWithin(3500, standing), null);
  assert.ok(asked >= 2);
  standing.guard.end();
  const before = asked;
  await transaction(standing.admin, (tx) => tx.deleteFrom('grants').where('id', '=', standing.ids.grant).execute());
  await sleep(1500);
  assert.deepEqual([asked, standing.told], [before, []], 'a watch that has ended asks no more');
});
