/** What SCIM requests and answers consist of, and how much of each is taken. It knows no table. */

/** An attribute's value as JSON carries it. */
export type ScimValue = string | boolean | ScimObject | ScimValue[];
export interface ScimObject { [name: string]: ScimValue }

/** A user or group as it is answered; `id` and `meta` are ours, the rest is what was provisioned. */
export interface Resource extends ScimObject {
  schemas: string[];
  id: string;
}

/** Bounds of what a client may send, each far above what Entra ID and Okta send. */
export const limits = {
  /** A body of this many bytes or more is refused before it is read. A group of 10,000 members takes about half. */
  bodyBytes: 1_000_000,
  /** Resources in one page, also when more are asked for. */
  pageMax: 200,
  pageDefault: 100,
  filterCharacters: 4000,
  /** Comparisons in one filter. */
  filterTerms: 200,
  /** Brackets within brackets. */
  filterDepth: 20,
  patchOperations: 1000,
  textCharacters: 1000,
  /** Values of one multi-valued attribute of a user. */
  values: 50,
  groupMembers: 20_000,
} as const;

export const messages = {
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  search: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
} as const;

/** A program that may provision, as admins see it. */
export interface ScimClientRow {
  id: string;
  name: string;
  /** Value of SCIM's `roles` that makes an admin; null: roles are ignored. */
  adminRole: string | null;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** A new client with its token, which is shown this once. */
export interface MadeScimClient extends ScimClientRow {
  token: string;
}

/** The client that makes the current request. */
export interface ScimClient {
  readonly id: string;
  readonly name: string;
  readonly adminRole: string | null;
}
