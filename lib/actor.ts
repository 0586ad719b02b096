/**
 * Who acts. Every transaction is opened for exactly one actor; the database derives what may be
 * read and written from the identity alone (see lib/db/transaction.ts), never from this object's role.
 */

export const roles = ['employee', 'admin', 'compliance'] as const;
export type Role = (typeof roles)[number];

/** A signed-in person. `role` is what the database said when the request began; used for interface hints and route permissions. */
export interface MemberActor {
  readonly kind: 'member';
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** A part of the product acting on its own: the ingest worker, the sign-in step, the demo seed. */
export interface SystemActor {
  readonly kind: 'system';
  readonly name: 'ingest' | 'sign-in' | 'seed';
}

export type Actor = MemberActor | SystemActor;

export const ingestActor: SystemActor = { kind: 'system', name: 'ingest' };
export const signInActor: SystemActor = { kind: 'system', name: 'sign-in' };
export const seedActor: SystemActor = { kind: 'system', name: 'seed' };
