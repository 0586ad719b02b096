/** API keys as people see them. */
import type { KeyScope } from '../actor.ts';

export type { KeyScope };

/** 'ended': its last day is over. A revoked or ended key is kept for a while so that a later use of it can be told. */
export type KeyState = 'active' | 'ended' | 'revoked';

export interface KeyRow {
  id: string;
  name: string;
  /** The first characters of the key: "attest_4fQ2". */
  prefix: string;
  scopes: KeyScope[];
  createdAt: string;
  expiresAt: string;
  /** To the minute; null: never. */
  lastUsedAt: string | null;
  revokedAt: string | null;
  state: KeyState;
}

/** A key as an admin sees it. */
export interface MemberKeyRow extends KeyRow {
  member: { id: string; name: string; email: string; disabled: boolean };
}

/** What a member gets once, when the key is made: `key` is shown and then forgotten. */
export interface MadeKey extends KeyRow {
  key: string;
}
