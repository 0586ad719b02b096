/**
 * Who may do what in a random company, said in plain TypeScript from the sentences of docs/security.md ("Deny by
 * default", "Rights in words") and from nothing in the database: tests hold the product to it. It asks one member and
 * one document at a time and is as slow as that.
 */
import type { World, WorldGrant } from './testing-world.ts';

export interface Oracle {
  /** May the member read the content of the document? */
  reads: (member: number, document: number) => boolean;
  /** May they know that it exists: its title and its state? */
  knows: (member: number, document: number) => boolean;
  /** Does the row of the document stand open to them: as above, and for admins and compliance also once it is deleted? */
  findsRow: (member: number, document: number) => boolean;
  /** May they add a version to it? */
  edits: (member: number, document: number) => boolean;
  /** Is the collection among those that the member is shown? */
  seesCollection: (member: number, collection: number) => boolean;
  /** Numbers of the grants that a member is shown. */
  seesGrant: (member: number, grant: number) => boolean;
  /** May they ask who can read the document: admins, compliance, and who edits its collection? */
  explains: (member: number, document: number) => boolean;
  /** May they ask what that other member can read? */
  explainsMember: (member: number, other: number) => boolean;
  /** Are they let in at all? */
  isIn: (member: number) => boolean;
}

export function oracleOf(world: World): Oracle {
  const isIn = (member: number): boolean => world.members[member]?.disabled === false;
  // Collections, documents and grants as such, their content left aside.
  const overlooks = (member: number): boolean => isIn(member) && world.members[member]?.role !== 'employee';
  const manages = (member: number): boolean => isIn(member) && world.members[member]?.role === 'admin';

  const stands = (member: number, group: number): boolean =>
    world.memberships.some((each) => each.member === member && each.group === group)
    || world.nestings.some((each) => each.outer === group && stands(member, each.inner));

  const counts = (grant: WorldGrant, member: number): boolean => {
    if (!isIn(member) || grant.end === 'past') return false;
    if (grant.to.kind === 'everyone') return true;
    return grant.to.kind === 'member' ? grant.to.index === member : stands(member, grant.to.index);
  };

  const opens = (grant: WorldGrant, number: number): boolean => {
    const document = world.documents[number];
    if (document === undefined || document.deleted) return false;
    if (grant.document !== null) return grant.document === number;
    return grant.collection === document.collection && !document.restricted;
  };

  const reads = (member: number, document: number): boolean => world.grants.some((grant) => counts(grant, member) && opens(grant, document));
  const knows = (member: number, document: number): boolean => reads(member, document) || (overlooks(member) && world.documents[document]?.deleted === false);
  return {
    isIn,
    reads,
    knows,
    findsRow: (member, document) => reads(member, document) || overlooks(member),
    edits: (member, document) => knows(member, document)
      && (manages(member) || world.grants.some((grant) => grant.permission === 'edit' && counts(grant, member) && opens(grant, document))),
    explains: (member, document) => knows(member, document) && (overlooks(member)
      || world.grants.some((grant) => grant.document === null && grant.permission === 'edit' && grant.collection === world.documents[document]?.collection && counts(grant, member))),
    explainsMember: (member, other) => overlooks(member) || (isIn(member) && member === other),
    seesCollection: (member, collection) => overlooks(member) || world.grants.some((grant) => grant.collection === collection && counts(grant, member)),
    seesGrant: (member, number) => {
      const grant = world.grants[number];
      return grant !== undefined && (overlooks(member) || counts(grant, member));
    },
  };
}
