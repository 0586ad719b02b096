/** Who may read what and why, and what waits for a second admin, as people see it. */

export type Permission = 'read' | 'edit';

export interface Recipient {
  kind: 'member' | 'group';
  id: string;
  name: string;
}

/** One grant that lets somebody read something. */
export interface Reason {
  grantId: string;
  on: 'collection' | 'document';
  permission: Permission;
  to: Recipient;
  /** Groups from the one that the member is in to the one that the grant names; empty for a grant to the member. */
  chain: string[];
  /** ISO 8601; null: no end. */
  expiresAt: string | null;
}

/** Somebody who may read a document, with every grant that lets them. */
export interface Reader {
  id: string;
  name: string;
  email: string;
  reasons: Reason[];
}

export interface ReaderPage {
  document: { id: string; title: string; restricted: boolean; collection: { id: string; name: string } };
  items: Reader[];
  next: string | null;
  /** On all pages. */
  total: number;
}

/** A collection that a member may read as a whole, or a document that a grant of its own opens to them. */
export interface ReadableObject {
  collection: { id: string; name: string };
  document: { id: string; title: string; restricted: boolean } | null;
  /** What can be read through the grants below: 1 for a document. */
  documents: number;
  reasons: Reason[];
}

export interface ReadablePage {
  member: { id: string; name: string; email: string; disabled: boolean };
  items: ReadableObject[];
  next: string | null;
  /** Collections and documents in the list, on all pages. */
  total: number;
  /** Documents that the member may read, each counted once. */
  documents: number;
}

export const proposalKinds = ['add-grant', 'change-grant', 'open-document', 'nest-group', 'add-member', 'unmark-group', 'release'] as const;
export type ProposalKind = (typeof proposalKinds)[number];

/** 'void': whoever proposed it is no admin any more. */
export type ProposalState = 'open' | 'approved' | 'declined' | 'withdrawn' | 'expired' | 'void';

/** A change that reaches beyond a sensitive group and waits for a second admin. */
export interface Proposal {
  id: string;
  kind: ProposalKind;
  state: ProposalState;
  collection: { id: string; name: string } | null;
  document: { id: string; title: string } | null;
  /** Whom the grant names or would name, or who would join the group. */
  to: Recipient | null;
  /** The group to be joined or unmarked, or the one that is confined to. */
  group: { id: string; name: string } | null;
  permission: Permission | null;
  expiresAt: string | null;
  /** The grant to be changed. */
  grantId: string | null;
  /** For a changed grant: how it is now. */
  before: { permission: Permission; expiresAt: string | null } | null;
  proposedBy: { id: string; name: string };
  proposedAt: string;
  endsAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  /** Who would gain what if it were approved now; null once it is decided or over. */
  gains: Gains | null;
}

export interface Gains {
  members: number;
  /** Names of the first of them. */
  names: string[];
  /** What they would gain; `documents` counts what is in a collection. */
  objects: { collection: string; document: string | null; permission: Permission; documents: number }[];
}

/** What a change answers that was not carried out but proposed. */
export interface Proposed {
  proposal: { id: string; endsAt: string };
}
