/**
 * Random companies for tests of rights: who there is, in which groups, what there is to read and who was granted what.
 * Everything is an index, so that fast-check can make a company that fails smaller. It knows no database and no rule.
 */
import fc from 'fast-check';
import { roles, type Role } from '../actor.ts';

export interface WorldMember {
  role: Role;
  disabled: boolean;
}

export interface WorldGrant {
  collection: number;
  /** Null: on the collection. */
  document: number | null;
  to: { kind: 'member' | 'group'; index: number } | { kind: 'everyone' };
  permission: 'read' | 'edit';
  end: 'none' | 'past' | 'future';
}

export interface World {
  members: readonly WorldMember[];
  groups: number;
  /** Whoever is in `inner` is in `outer`. */
  nestings: readonly { inner: number; outer: number }[];
  memberships: readonly { member: number; group: number; origin: 'hand' | 'claim' }[];
  collections: number;
  documents: readonly { collection: number; restricted: boolean; deleted: boolean }[];
  grants: readonly WorldGrant[];
  /** Decides which pairs are tried where not all are. */
  choice: number;
}

export interface WorldSize {
  members: number;
  groups: number;
  collections: number;
  documents: number;
  grants: number;
}

export const worldSizes = {
  small: { members: 4, groups: 3, collections: 2, documents: 6, grants: 8 },
  full: { members: 12, groups: 8, collections: 8, documents: 60, grants: 40 },
} as const satisfies Record<string, WorldSize>;

const index = (count: number): fc.Arbitrary<number> => fc.nat({ max: count - 1 });
const oneIn = (count: number): fc.Arbitrary<boolean> => fc.nat({ max: count - 1 }).map((value) => value === 0);

/** Companies up to that size. Groups never stand in a circle; a grant on a document names its collection; none is made twice. */
export function worlds(size: WorldSize): fc.Arbitrary<World> {
  return fc.record({
    members: fc.array(fc.record({ role: fc.constantFrom(...roles, 'employee' as const), disabled: oneIn(6) }), { minLength: 2, maxLength: size.members, size: 'max' }),
    groups: fc.integer({ min: 1, max: size.groups }),
    collections: fc.integer({ min: 1, max: size.collections }),
    nestings: fc.array(fc.record({ inner: index(size.groups), outer: index(size.groups) }), { maxLength: size.groups + 2, size: 'max' }),
    memberships: fc.array(fc.record({ member: index(size.members), group: index(size.groups), origin: fc.constantFrom('hand' as const, 'claim' as const) }), { maxLength: size.members * 2, size: 'max' }),
    documents: fc.array(fc.record({ collection: index(size.collections), restricted: oneIn(4), deleted: oneIn(7) }), { minLength: 1, maxLength: size.documents, size: 'max' }),
    grants: fc.array(grant(size), { maxLength: size.grants, size: 'max' }),
    choice: fc.nat(),
  }).map(fitting);
}

function grant(size: WorldSize): fc.Arbitrary<WorldGrant> {
  return fc.record({
    collection: index(size.collections),
    document: fc.option(index(size.documents), { freq: 2 }),
    to: fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('member' as const), index: index(size.members) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('group' as const), index: index(size.groups) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('everyone' as const) }) },
    ),
    permission: fc.constantFrom('read' as const, 'read' as const, 'edit' as const),
    end: fc.constantFrom('none' as const, 'none' as const, 'past' as const, 'future' as const),
  });
}

/** Brings every index into range and leaves out what the database would refuse. */
function fitting(drawn: World): World {
  const { members, groups, collections } = drawn;
  const documents = drawn.documents.map((each) => ({ ...each, collection: each.collection % collections }));
  const nestings = drawn.nestings.map(({ inner, outer }) => ({ inner: Math.min(inner, outer), outer: Math.max(inner, outer) }));
  const grants = drawn.grants.map((each): WorldGrant => {
    const document = each.document === null ? null : each.document % documents.length;
    const to = each.to.kind === 'everyone' ? each.to : { ...each.to, index: each.to.index % (each.to.kind === 'member' ? members.length : groups) };
    return { ...each, to, document, collection: document === null ? each.collection % collections : (documents[document]?.collection ?? 0) };
  });
  return {
    ...drawn,
    documents,
    nestings: distinct(nestings.filter(({ inner, outer }) => outer < groups && inner !== outer), ({ inner, outer }) => `${inner} ${outer}`),
    memberships: distinct(drawn.memberships.filter((each) => each.member < members.length && each.group < groups), ({ member, group }) => `${member} ${group}`),
    grants: distinct(grants, ({ collection, document, to }) => JSON.stringify([collection, document, to])),
  };
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
