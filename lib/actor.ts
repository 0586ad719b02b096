/**
 * Who acts. Every transaction is opened for exactly one actor; the database derives what may be
 * read and written from the identity alone (see lib/db/transaction.ts), never from this object's role.
 */

export const roles = ['employee', 'admin', 'compliance'] as const;
export type Role = (typeof roles)[number];

/** What a program may do with an API key. Nothing else can be reached with one. */
export const keyScopes = ['ask', 'search'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** The API key through which a program acts for a member. Every record that it leaves names it. */
export interface KeyInUse {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
}

/**
 * A member acting: signed in, or through a program that shows their key. `role` is what the database said when the
 * request began; used for interface hints and route permissions.
 */
export interface MemberActor {
  readonly kind: 'member';
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Unset: in person. */
  readonly key?: KeyInUse;
}

/** A part of the product acting on its own: the ingest worker, the sign-in step, a directory that provisions by SCIM, delivery to the SIEM, the demo seed. */
export interface SystemActor {
  readonly kind: 'system';
  readonly name: 'ingest' | 'sign-in' | 'scim' | 'siem' | 'seed';
}

export type Actor = MemberActor | SystemActor;

export const ingestActor: SystemActor = { kind: 'system', name: 'ingest' };
export const signInActor: SystemActor = { kind: 'system', name: 'sign-in' };
export const scimActor: SystemActor = { kind: 'system', name: 'scim' };
export const siemActor: SystemActor = { kind: 'system', name: 'siem' };
export const seedActor: SystemActor = { kind: 'system', name: 'seed' };
