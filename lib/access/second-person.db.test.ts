/** Sensitive groups: what is confined to one reaches nobody else by the act of one admin, by whatever way it is tried. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { listConfinements, releaseConfinement } from '#lib/collections/confinements.ts';
import { addGrant, changeGrant, removeGrant } from '#lib/collections/grants.ts';
import { restrictDocument } from '#lib/documents/restrict.ts';
import { markGroup } from '#lib/groups/mark.ts';
import { nestGroup } from '#lib/groups/nest.ts';
import { addToGroup, removeGroup } from '#lib/groups/write.ts';
import { changeMember } from '#lib/members/write.ts';
import { seedActor, type MemberActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { isProblem, type ProblemCode } from '../errors.ts';
import { approveProposal, declineProposal } from './decide.ts';
import { isProposed, requireMade } from './propose.ts';
import { listProposals } from './proposals.ts';
import { addGroups, addMember } from './testing.ts';

let database: TestDatabase;
before(async () => { database = await openTestDatabase(); });
after(() => database.stop());

const day = 86_400_000;
const later = (days: number) => new Date(Date.now() + days * day).toISOString();
const rejects = (what: Promise<unknown>, code: ProblemCode) => assert.rejects(what, (error) => isProblem(error, code));
const waits = (outcome: unknown): string => (isProposed(outcome) ? outcome.proposal.id : assert.fail(`not proposed: ${JSON.stringify(outcome)}`));

/** A sensitive board with one insider, an outsider, two admins, and a collection of two documents confined to the board. */
async function company() {
  const [admin, second, insider, outsider] = [await addMember('admin'), await addMember('admin'), await addMember(), await addMember()];
  const [board = '', others = '', committee = ''] = await addGroups(3);
  const [collection, open, restricted] = [randomUUID(), randomUUID(), randomUUID()];
  await addToGroup(admin, board, insider.id);
  await addToGroup(admin, others, outsider.id);
  await nestGroup(admin, { inner: committee, outer: board });
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collection, name: `Collection ${collection}` }).execute();
    await tx.insertInto('documents').values([{ id: open, collection_id: collection, title: 'Minutes' }, { id: restricted, collection_id: collection, title: 'Salaries', restricted: true }]).execute();
  });
  requireMade(await markGroup(admin, board, { sensitive: true }));
  const grant = requireMade(await addGrant(admin, collection, { to: { kind: 'group', id: board }, permission: 'read', expiresAt: null, documentId: null }));
  return { admin, second, insider, outsider, board, others, committee, collection, open, restricted, grant };
}
type Company = Awaited<ReturnType<typeof company>>;

const toGroup = (id: string, more: object = {}) => ({ to: { kind: 'group' as const, id }, permission: 'read' as const, expiresAt: null, documentId: null, ...more });
const toMember = (id: string, more: object = {}) => ({ to: { kind: 'member' as const, id }, permission: 'read' as const, expiresAt: null, documentId: null, ...more });

async function mayRead(actor: MemberActor, document: string): Promise<boolean> {
  const { rows } = await transaction(actor, (tx) => sql<{ may: boolean }>`select ${document}::uuid in (select readable_documents()) as may`.execute(tx));
  return rows[0]?.may ?? false;
}

async function eventsAbout(id: string): Promise<string[]> {
  const compliance = await addMember('compliance');
  return transaction(compliance, async (tx) => (await tx.selectFrom('audit_records').select('event').where('subject_id', '=', id).orderBy('seq').execute()).map(({ event }) => event));
}

test('a grant beyond the sensitive group waits for a second admin, and then counts', async () => {
  const { admin, second, outsider, others, collection, open } = await company();
  const id = waits(await addGrant(admin, collection, toGroup(others)));
  assert.equal(await mayRead(outsider, open), false);
  await rejects(approveProposal(admin, id), 'not-permitted');
  const [proposal] = (await listProposals(second, { state: 'open', limit: 50 })).items.filter((each) => each.id === id);
  assert.deepEqual([proposal?.kind, proposal?.state, proposal?.to?.id, proposal?.proposedBy.id, proposal?.permission], ['add-grant', 'open', others, admin.id, 'read']);
  assert.deepEqual(proposal?.gains, { members: 1, names: [(await nameOf(outsider.id))], objects: [{ collection: `Collection ${collection}`, document: null, permission: 'read', documents: 1 }] });
  assert.equal(Math.round((Date.parse(proposal.endsAt) - Date.parse(proposal.proposedAt)) / day), 14);
  await approveProposal(second, id);
  assert.equal(await mayRead(outsider, open), true);
  await rejects(approveProposal(second, id), 'edit-conflict');
  await rejects(declineProposal(admin, id), 'edit-conflict');
  assert.deepEqual(await eventsAbout(id), ['grant.proposed', 'grant.approved', 'grant.added']);
  assert.equal((await listProposals(admin, { state: 'closed', limit: 50 })).items.find((each) => each.id === id)?.state, 'approved');
});

async function nameOf(id: string): Promise<string> {
  return transaction(seedActor, async (tx) => (await tx.selectFrom('members').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name);
}

test('inside the group one admin is enough: the group, a group within it, its people, and everything that takes away', async () => {
  const { admin, insider, board, committee, collection, open, restricted, grant } = await company();
  const inner = requireMade(await addGrant(admin, collection, toGroup(committee, { permission: 'edit' })));
  requireMade(await addGrant(admin, collection, toMember(insider.id, { documentId: restricted })));
  requireMade(await addGrant(admin, collection, toGroup(board, { documentId: open })));
  const changed = requireMade(await changeGrant(admin, grant.id, { permission: 'edit', expiresAt: null, revision: grant.revision }));
  requireMade(await changeGrant(admin, grant.id, { permission: 'read', expiresAt: later(1), revision: changed.revision }));
  requireMade(await restrictDocument(admin, open, { restricted: true }));
  requireMade(await restrictDocument(admin, open, { restricted: false }));
  await removeGrant(admin, inner.id, inner.revision);
});

const ways: readonly (readonly [string, (company: Company) => Promise<unknown>])[] = [
  ['a grant on the collection to another group', ({ admin, others, collection }) => addGrant(admin, collection, toGroup(others))],
  ['a grant on the collection to somebody outside', ({ admin, outsider, collection }) => addGrant(admin, collection, toMember(outsider.id))],
  ['a grant on a document of the collection', ({ admin, outsider, collection, open }) => addGrant(admin, collection, toMember(outsider.id, { documentId: open }))],
  ['a grant on a restricted document of the collection', ({ admin, outsider, collection, restricted }) => addGrant(admin, collection, toMember(outsider.id, { documentId: restricted }))],
  ['a grant to everyone', async ({ admin, collection }) => addGrant(admin, collection, toGroup(await everyone()))],
  ['a grant that ends tomorrow', ({ admin, outsider, collection }) => addGrant(admin, collection, toMember(outsider.id, { expiresAt: later(1) }))],
  ['a grant to oneself', ({ admin, collection }) => addGrant(admin, collection, toMember(admin.id))],
  ['another group inside the sensitive one', ({ admin, others, board }) => nestGroup(admin, { inner: others, outer: board })],
  ['another group inside a group that stands in the sensitive one', ({ admin, others, committee }) => nestGroup(admin, { inner: others, outer: committee })],
  ['somebody put into the sensitive group by hand', ({ admin, outsider, board }) => addToGroup(admin, board, outsider.id)],
  ['somebody put into a group that stands in the sensitive one', ({ admin, outsider, committee }) => addToGroup(admin, committee, outsider.id)],
  ['unmarking the group', ({ admin, board }) => markGroup(admin, board, { sensitive: false })],
  ['a grant to others after the group\'s own grant was removed', async ({ admin, others, collection, grant }) => {
    await removeGrant(admin, grant.id, grant.revision);
    return addGrant(admin, collection, toGroup(others));
  }],
];

for (const [what, act] of ways) {
  test(`${what} waits for a second admin, and declining it leaves all as it was`, async () => {
    const made = await company();
    const id = waits(await act(made));
    assert.deepEqual([await mayRead(made.outsider, made.open), await mayRead(made.outsider, made.restricted), await mayRead(made.admin, made.open)], [false, false, false]);
    await rejects(act(made), what.includes('removed') ? 'not-found' : 'already-exists');
    await declineProposal(made.second, id);
    await rejects(approveProposal(made.second, id), 'edit-conflict');
    assert.deepEqual([await mayRead(made.outsider, made.open), await mayRead(made.outsider, made.restricted)], [false, false]);
    assert.deepEqual(await eventsAbout(id), ['grant.proposed', 'grant.declined']);
  });
}

async function everyone(): Promise<string> {
  return transaction(seedActor, async (tx) => (await tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow()).id);
}

test('a grant that reaches outside already is changed to more, or for longer, only by two', async () => {
  const { admin, second, others, collection } = await company();
  const id = waits(await addGrant(admin, collection, toGroup(others, { expiresAt: later(5) })));
  await approveProposal(second, id);
  const change = (values: object) => changeGrant(admin, id, { permission: 'read', expiresAt: later(5), revision: 1, ...values });
  const longer = waits(await change({ expiresAt: later(9) }));
  await rejects(change({ permission: 'edit' }), 'already-exists');
  // Shorter at once, by one; the proposal was for the grant as it stood.
  const shorter = requireMade(await change({ expiresAt: later(2) }));
  await rejects(approveProposal(second, longer), 'edit-conflict');
  await declineProposal(admin, longer);
  const edit = waits(await change({ permission: 'edit', expiresAt: later(2), revision: shorter.revision }));
  await approveProposal(second, edit);
  const { rows } = await transaction(admin, (tx) => sql<{ permission: string; revision: number }>`select permission, revision from grants where id = ${id}`.execute(tx));
  assert.deepEqual(rows, [{ permission: 'edit', revision: 3 }]);
  await rejects(change({ expiresAt: later(1) }), 'edit-conflict');
});

test('a restricted document is opened by one while all who read the collection are inside, and by two once somebody is not', async () => {
  const { admin, second, outsider, others, collection, restricted } = await company();
  requireMade(await restrictDocument(admin, restricted, { restricted: false }));
  requireMade(await restrictDocument(admin, restricted, { restricted: true }));
  await approveProposal(second, waits(await addGrant(admin, collection, toGroup(others))));
  assert.equal(await mayRead(outsider, restricted), false);
  const id = waits(await restrictDocument(admin, restricted, { restricted: false }));
  const [proposal] = (await listProposals(second, { state: 'open', limit: 50 })).items.filter((each) => each.id === id);
  // The insider may not read it yet either.
  assert.deepEqual([proposal?.gains?.members, proposal?.gains?.objects[0]?.document], [2, 'Salaries']);
  await approveProposal(second, id);
  assert.equal(await mayRead(outsider, restricted), true);
});

test('a document that alone is granted to a sensitive group confines grants on its collection as long as it is open', async () => {
  const { admin, outsider, board } = await company();
  const [collection, document] = [randomUUID(), randomUUID()];
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id: collection, name: `Collection ${collection}` }).execute();
    await tx.insertInto('documents').values({ id: document, collection_id: collection, title: 'Plan' }).execute();
  });
  requireMade(await addGrant(admin, collection, toGroup(board, { documentId: document })));
  await declineProposal(admin, waits(await addGrant(admin, collection, toMember(outsider.id))));
  requireMade(await restrictDocument(admin, document, { restricted: true }));
  requireMade(await addGrant(admin, collection, toMember(outsider.id)));
  assert.equal(await mayRead(outsider, document), false);
  waits(await restrictDocument(admin, document, { restricted: false }));
});

test('approved changes of groups are carried out: nesting, joining, unmarking, releasing', async () => {
  const { admin, second, outsider, others, board, collection, open } = await company();
  const nest = waits(await nestGroup(admin, { inner: others, outer: board }));
  const [proposal] = (await listProposals(second, { state: 'open', limit: 50 })).items.filter((each) => each.id === nest);
  assert.deepEqual([proposal?.to?.id, proposal?.group?.id, proposal?.gains?.members, proposal?.gains?.objects.map((object) => object.collection)], [others, board, 1, [`Collection ${collection}`]]);
  await approveProposal(second, nest);
  assert.equal(await mayRead(outsider, open), true);
  const newcomer = await addMember();
  await approveProposal(second, waits(await addToGroup(admin, board, newcomer.id)));
  assert.equal(await mayRead(newcomer, open), true);
  const [confinement] = await listConfinements(admin, collection);
  assert.equal(confinement?.group?.id, board);
  await approveProposal(second, waits(await releaseConfinement(admin, confinement.id)));
  assert.deepEqual(await listConfinements(admin, collection), []);
  requireMade(await addGrant(admin, collection, toGroup(await everyone())));
  requireMade(await markGroup(admin, board, { sensitive: false }));
});

test('unmarking a group that confines something takes two, and lifts it', async () => {
  const { admin, second, others, board, collection } = await company();
  await rejects(removeGroup(admin, board), 'invalid-input');
  await approveProposal(second, waits(await markGroup(admin, board, { sensitive: false })));
  requireMade(await addGrant(admin, collection, toGroup(others)));
  await removeGroup(admin, board);
});

test('marking a group confines what it was granted before', async () => {
  const { admin, others, outsider } = await company();
  const collection = randomUUID();
  await transaction(admin, (tx) => tx.insertInto('collections').values({ id: collection, name: collection }).execute());
  requireMade(await addGrant(admin, collection, toGroup(others)));
  const elsewhere = requireMade(await addGrant(admin, collection, toMember((await addMember()).id)));
  requireMade(await markGroup(admin, others, { sensitive: true }));
  waits(await addGrant(admin, collection, toMember((await addMember()).id)));
  requireMade(await addGrant(admin, collection, toMember(outsider.id)));
  // Who was granted it before keeps that, and it can be taken away by one.
  await removeGrant(admin, elsewhere.id, elsewhere.revision);
});

test('a group that a directory removes leaves what was confined to it closed to everybody', async () => {
  const { admin, board, insider, collection } = await company();
  await transaction(seedActor, (tx) => sql`set local role attest_scim`.execute(tx).then(() => sql`delete from groups where id = ${board}`.execute(tx)));
  waits(await addGrant(admin, collection, toMember(insider.id)));
  assert.deepEqual((await listConfinements(admin, collection)).map(({ group }) => group), [null]);
});

test('a proposal whose time is over, or whose proposer is no admin any more, is not approved', async () => {
  const { admin, second, others, outsider, collection, open } = await company();
  const over = waits(await addGrant(admin, collection, toGroup(others)));
  await asOwner(sql`update grant_proposals set ends_at = now() where id = ${over}`);
  await rejects(approveProposal(second, over), 'edit-conflict');
  assert.equal((await listProposals(second, { state: 'closed', limit: 50 })).items.find(({ id }) => id === over)?.state, 'expired');
  // What is over can be proposed anew.
  const again = waits(await addGrant(admin, collection, toGroup(others)));
  await changeMember(second, admin.id, { disabled: true });
  assert.equal((await listProposals(second, { state: 'open', limit: 50 })).items.find(({ id }) => id === again)?.state, 'void');
  await rejects(approveProposal(second, again), 'edit-conflict');
  await changeMember(second, admin.id, { disabled: false });
  await changeMember(second, admin.id, { role: 'employee' });
  await rejects(approveProposal(second, again), 'edit-conflict');
  await rejects(approveProposal(admin, again), 'not-found');
  await changeMember(second, admin.id, { role: 'admin' });
  await approveProposal(second, again);
  assert.equal(await mayRead(outsider, open), true);
});

async function asOwner(statement: ReturnType<typeof sql>): Promise<void> {
  // Row-level security holds for the owner too, so the role that carries out decisions is lent the right for this one statement.
  await transaction(seedActor, async (tx) => {
    await sql`reset role`.execute(tx);
    await sql`alter table grant_proposals no force row level security`.execute(tx);
    await statement.execute(tx);
    await sql`alter table grant_proposals force row level security`.execute(tx);
  });
}

test('two admins who approve at once carry it out once, and an approval that meets a declining leaves one decision', async () => {
  const { admin, second, others, outsider, collection } = await company();
  const third = await addMember('admin');
  const id = waits(await addGrant(admin, collection, toGroup(others)));
  const both = await Promise.allSettled([approveProposal(second, id), approveProposal(third, id)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const other = waits(await addGrant(admin, collection, toMember(outsider.id)));
  await Promise.allSettled([approveProposal(second, other), declineProposal(third, other)]);
  const events = (await eventsAbout(other)).filter((event) => event === 'grant.approved' || event === 'grant.declined');
  assert.equal(events.length, 1);
});

test('no statement of an admin gets past it', async () => {
  const { admin, second, outsider, others, board, collection, restricted, open, grant } = await company();
  const id = waits(await addGrant(admin, collection, toGroup(others)));
  const attempt = (work: (tx: Tx) => Promise<unknown>) => transaction(admin, work).then(() => 'done', sqlState);
  const insert = { id: randomUUID(), collection_id: collection, member_id: outsider.id, permission: 'read' as const };
  assert.equal(await attempt((tx) => tx.insertInto('grants').values(insert).execute()), 'ATG10');
  assert.equal(await attempt((tx) => tx.insertInto('grants').values({ ...insert, document_id: restricted }).execute()), 'ATG10');
  assert.equal(await attempt((tx) => tx.insertInto('group_nestings').values({ inner_group_id: others, outer_group_id: board }).execute()), 'ATG10');
  assert.equal(await attempt((tx) => tx.insertInto('memberships').values({ group_id: board, member_id: outsider.id }).execute()), 'ATG10');
  assert.equal(await attempt((tx) => tx.updateTable('groups').set({ sensitive: false }).where('id', '=', board).execute()), 'ATG10');
  assert.equal(await attempt((tx) => tx.deleteFrom('groups').where('id', '=', board).execute()), 'ATG10');
  // A decision cannot be written, a proposal not made to last or be somebody else's, and a grant or a document not moved.
  const denied = [
    (tx: Tx) => tx.updateTable('grant_proposals').set({ decision: 'approved', decided_by: second.id, decided_at: new Date() }).where('id', '=', id).execute(),
    (tx: Tx) => tx.insertInto('grant_proposals').values({ id: randomUUID(), kind: 'add-grant', collection_id: collection, member_id: outsider.id, permission: 'read', proposed_by: admin.id, ends_at: new Date(Date.now() + 99 * day) }).execute(),
    (tx: Tx) => tx.insertInto('grant_proposals').values({ id: randomUUID(), kind: 'add-grant', collection_id: collection, member_id: outsider.id, permission: 'read', proposed_by: second.id }).execute(),
    (tx: Tx) => tx.updateTable('grants').set({ group_id: others }).where('id', '=', grant.id).execute(),
    (tx: Tx) => tx.updateTable('documents').set({ collection_id: randomUUID() }).where('id', '=', open).execute(),
    (tx: Tx) => tx.deleteFrom('confinements').where('collection_id', '=', collection).execute(),
    (tx: Tx) => tx.deleteFrom('grant_proposals').where('id', '=', id).execute(),
    (tx: Tx) => sql`select carry_out(p) from grant_proposals p where id = ${id}`.execute(tx),
  ];
  for (const [index, work] of denied.entries()) assert.equal(await attempt(work), '42501', `statement ${index}`);
  assert.equal(await mayRead(outsider, open), false);
});

test('nobody but an admin proposes or decides, and employees see no proposal', async () => {
  const { admin, others, insider, collection } = await company();
  const id = waits(await addGrant(admin, collection, toGroup(others)));
  const compliance = await addMember('compliance');
  for (const actor of [insider, compliance]) {
    await assert.rejects(approveProposal(actor, id));
    await assert.rejects(declineProposal(actor, id));
    await assert.rejects(transaction(actor, (tx) => tx.insertInto('grant_proposals').values({ id: randomUUID(), kind: 'unmark-group', group_id: others, proposed_by: actor.id }).execute()), /row-level security/);
  }
  assert.deepEqual((await listProposals(insider, { state: 'open', limit: 50 })).items, []);
  assert.ok((await listProposals(compliance, { state: 'open', limit: 50 })).items.some((each) => each.id === id));
});
