/** Collections and the grants on them, as the library and admin pages show them. */

export type GrantPermission = 'read' | 'edit';

export interface CollectionRow {
  id: string;
  name: string;
  description: string;
  documents: number;
  /** Documents that are not ready: still being read, or failed. */
  unfinished: number;
  failed: number;
  /** ISO 8601 time of the last upload or change. */
  changedAt: string;
  /** May the asker read its documents, edit it, manage it (admin)? */
  mayRead: boolean;
  mayEdit: boolean;
  mayManage: boolean;
  /** Why the asker may read it: names of groups, or 'you'. */
  because: string[];
  /** Everyone who may read it, in words; only for admins and compliance, else null. */
  readers: string[] | null;
  revision: number;
}

export interface Grant {
  id: string;
  collectionId: string;
  documentId: string | null;
  to: { kind: 'group' | 'member'; id: string; name: string };
  permission: GrantPermission;
  /** ISO 8601, or null: no end. */
  expiresAt: string | null;
  createdAt: string;
  createdByName: string | null;
  revision: number;
}

/** A sensitive group that a collection, or one document of it, was granted to. `group` is null when a directory removed it: then everybody is outside. */
export interface Confinement {
  id: number;
  group: { id: string; name: string } | null;
  /** Null: the collection as a whole. */
  document: { id: string; title: string } | null;
  /** ISO 8601. */
  since: string;
}
