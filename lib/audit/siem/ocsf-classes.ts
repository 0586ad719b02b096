/**
 * Which class and activity of OCSF 1.8 each event of the log is. Authentication for sessions, Account Change for
 * members, Group Management for groups and who is in them, Entity Management for what admins and editors keep, API
 * Activity for what is asked, read and refused. A test fails for an event without a row.
 */

export const ocsfClasses = {
  account: { uid: 3001, category: 3, activities: { create: 1, disable: 5, remove: 6, other: 99 } },
  authentication: { uid: 3002, category: 3, activities: { logon: 1, logoff: 2, other: 99 } },
  entity: { uid: 3004, category: 3, activities: { create: 1, read: 2, update: 3, remove: 4 } },
  group: { uid: 3006, category: 3, activities: { addUser: 3, removeUser: 4, remove: 5, create: 6, addSubgroup: 7, removeSubgroup: 8, other: 99 } },
  api: { uid: 6003, category: 6, activities: { create: 1, read: 2, other: 99 } },
} as const;
export type OcsfClass = keyof typeof ocsfClasses;

export interface OcsfKind {
  class: OcsfClass;
  /** `activity_id`. */
  activity: number;
}

type Activities<Name extends OcsfClass> = keyof (typeof ocsfClasses)[Name]['activities'];
const kind = <Name extends OcsfClass>(name: Name, activity: Activities<Name>): OcsfKind => {
  const ids: Readonly<Record<string, number>> = ocsfClasses[name].activities;
  return { class: name, activity: ids[String(activity)] ?? 99 };
};

/** What an event is that this version does not know: something done through the API. */
export const unknownKind = kind('api', 'other');

export const ocsfKinds: Readonly<Record<string, OcsfKind>> = {
  'session.started': kind('authentication', 'logon'),
  'session.confirmed': kind('authentication', 'other'),
  'session.refused': kind('authentication', 'logon'),
  'session.ended': kind('authentication', 'logoff'),
  'groups.unread': kind('authentication', 'other'),
  'admin-link.made': kind('entity', 'create'),
  'admin-link.used': kind('account', 'other'),
  'provider.added': kind('entity', 'create'),
  'provider.changed': kind('entity', 'update'),
  'provider.removed': kind('entity', 'remove'),
  'key.made': kind('entity', 'create'),
  'key.revoked': kind('entity', 'remove'),
  'key.refused': kind('authentication', 'logon'),
  'member.added': kind('account', 'create'),
  'member.changed': kind('account', 'other'),
  'member.removed': kind('account', 'remove'),
  'group.added': kind('group', 'create'),
  'group.removed': kind('group', 'remove'),
  'group.changed': kind('group', 'other'),
  'nesting.added': kind('group', 'addSubgroup'),
  'nesting.removed': kind('group', 'removeSubgroup'),
  'membership.added': kind('group', 'addUser'),
  'membership.removed': kind('group', 'removeUser'),
  'client.added': kind('entity', 'create'),
  'client.revoked': kind('entity', 'remove'),
  'request.refused': kind('api', 'other'),
  'question.asked': kind('api', 'create'),
  'question.answered': kind('api', 'read'),
  'search.served': kind('api', 'read'),
  'evidence.opened': kind('api', 'read'),
  'document.opened': kind('api', 'read'),
  'file.downloaded': kind('api', 'read'),
  'document.uploaded': kind('entity', 'create'),
  'version.uploaded': kind('entity', 'update'),
  'version.ready': kind('entity', 'update'),
  'version.failed': kind('entity', 'update'),
  'version.retried': kind('entity', 'update'),
  'document.changed': kind('entity', 'update'),
  'document.deleted': kind('entity', 'remove'),
  'document.purged': kind('entity', 'remove'),
  'collection.added': kind('entity', 'create'),
  'collection.changed': kind('entity', 'update'),
  'collection.removed': kind('entity', 'remove'),
  'grant.added': kind('entity', 'create'),
  'grant.changed': kind('entity', 'update'),
  'grant.removed': kind('entity', 'remove'),
  'grant.proposed': kind('entity', 'create'),
  'grant.approved': kind('entity', 'update'),
  'grant.declined': kind('entity', 'update'),
  'access.explained': kind('entity', 'read'),
  'conversation.renamed': kind('entity', 'update'),
  'conversation.deleted': kind('entity', 'remove'),
  'feedback.given': kind('entity', 'update'),
  'model.chosen': kind('entity', 'update'),
  'settings.changed': kind('entity', 'update'),
  'audit.searched': kind('api', 'read'),
  'audit.opened': kind('api', 'read'),
  'audit.exported': kind('api', 'read'),
  'signing-key.taken': kind('entity', 'update'),
  'signing.stopped': kind('entity', 'update'),
  'signing.resumed': kind('entity', 'update'),
};
