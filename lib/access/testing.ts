/** For tests of who may read what: members and groups, random companies, and a small oracle that says it a second time. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { seedActor, type MemberActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';

export async function addMember(role: MemberActor['role'] = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: `${id}@example.test`, name: `Member ${id.slice(0, 4)}`, role }).execute());
  return { kind: 'member', id, role, name: '', email: '' };
}

export async function addGroups(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  if (count > 0) await transaction(seedActor, (tx) => tx.insertInto('groups').values(ids.map((id) => ({ id, name: `Group ${id}` }))).execute());
  return ids;
}

// A world in numbers: everything is an index below, so that fast-check can shrink it.
const members = 4;
const groups = 5;
const index = (count: number) => fc.nat({ max: count - 1 });
export const worldShape = fc.record({
  disabled: fc.uniqueArray(index(members), { maxLength: 1 }),
  memberships: fc.array(fc.record({ member: index(members), group: index(groups) }), { maxLength: 6 }),
  // Inner below outer: no circle by construction.
  nestings: fc.array(fc.record({ inner: index(groups), outer: index(groups) }).filter(({ inner, outer }) => inner < outer), { maxLength: 6 }),
  documents: fc.array(fc.record({ collection: index(2), restricted: fc.boolean(), deleted: fc.nat({ max: 5 }).map((n) => n === 0) }), { minLength: 1, maxLength: 5 }),
  grants: fc.array(fc.record({
    collection: index(2),
    document: fc.option(index(5)),
    to: fc.oneof(
      fc.record({ kind: fc.constant('member' as const), index: index(members) }),
      fc.record({ kind: fc.constant('group' as const), index: index(groups) }),
      fc.record({ kind: fc.constant('everyone' as const), index: fc.constant(0) }),
    ),
    ended: fc.nat({ max: 4 }).map((n) => n === 0),
  }), { maxLength: 6 }),
});
export type World = typeof worldShape extends fc.Arbitrary<infer Value> ? Value : never;

/** The grants of the world that can be: one on a document is on the document's own collection, and each is made once. */
export function grantsOf(world: World): World['grants'] {
  const known = new Set<string>();
  return world.grants.filter(({ collection, document, to }) => {
    const key = JSON.stringify([collection, document, to.kind, to.index]);
    if (document !== null && world.documents[document]?.collection !== collection) return false;
    return !known.has(key) && known.add(key);
  });
}

/** What each member may read with the grants that let them, said a second time in other words. */
export function oracle(world: World): string[] {
  const holders = (member: number): Set<string> => {
    const found = new Set(['everyone 0', `member ${member}`, ...world.memberships.filter((each) => each.member === member).map(({ group }) => `group ${group}`)]);
    for (let size = -1; size !== found.size;) {
      size = found.size;
      for (const { inner, outer } of world.nestings) if (found.has(`group ${inner}`)) found.add(`group ${outer}`);
    }
    return found;
  };
  return Array.from({ length: members }, (_, member) => member).flatMap((member) => {
    if (world.disabled.includes(member)) return [];
    const held = holders(member);
    return world.documents.flatMap((document, number) => grantsOf(world).flatMap((grant, which) => {
      const isHeld = held.has(`${grant.to.kind} ${grant.to.index}`) && !grant.ended && !document.deleted;
      const opens = grant.document === null ? grant.collection === document.collection && !document.restricted : grant.document === number;
      return isHeld && opens ? [`member ${member} document ${number} grant ${which}`] : [];
    }));
  }).toSorted();
}

export async function buildWorld(world: World) {
  const people = await Promise.all(Array.from({ length: members }, () => addMember()));
  const admin = await addMember('admin');
  const groupIds = await addGroups(groups);
  const { id: everyone } = await transaction(seedActor, (tx) => tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow());
  await transaction(seedActor, async (tx) => {
    for (const { member, group } of world.memberships) {
      await tx.insertInto('memberships').values({ member_id: people[member]?.id ?? '', group_id: groupIds[group] ?? '' }).onConflict((conflict) => conflict.doNothing()).execute();
    }
    for (const { inner, outer } of world.nestings) {
      await tx.insertInto('group_nestings').values({ inner_group_id: groupIds[inner] ?? '', outer_group_id: groupIds[outer] ?? '' }).onConflict((conflict) => conflict.doNothing()).execute();
    }
    for (const member of world.disabled) await tx.updateTable('members').set({ disabled_at: new Date() }).where('id', '=', people[member]?.id ?? '').execute();
  });
  const collections = [randomUUID(), randomUUID()];
  const documents: string[] = world.documents.map(() => randomUUID());
  const grants: string[] = grantsOf(world).map(() => randomUUID());
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values(collections.map((id) => ({ id, name: id }))).execute();
    for (const [number, { collection, restricted }] of world.documents.entries()) {
      await tx.insertInto('documents').values({ id: documents[number] ?? '', collection_id: collections[collection] ?? '', title: 'Plan', restricted }).execute();
    }
    for (const [number, grant] of grantsOf(world).entries()) {
      await tx.insertInto('grants').values({
        id: grants[number] ?? '', collection_id: collections[grant.collection] ?? '', document_id: grant.document === null ? null : (documents[grant.document] ?? ''),
        member_id: grant.to.kind === 'member' ? (people[grant.to.index]?.id ?? '') : null,
        group_id: grant.to.kind === 'member' ? null : grant.to.kind === 'everyone' ? everyone : (groupIds[grant.to.index] ?? ''),
        permission: 'read', expires_at: grant.ended ? new Date(Date.now() - 1000) : null,
      }).execute();
    }
    for (const [number, { deleted }] of world.documents.entries()) {
      if (deleted) await tx.updateTable('documents').set({ deleted_at: new Date() }).where('id', '=', documents[number] ?? '').execute();
    }
  });
  return { people, admin, collections, documents, grants, groupIds };
}
