/** The audit log as people see it: event names with their words, and the shape of a record. */

/** Every kind of record, with what it says to a reader. */
export const auditEvents = {
  'session.started': 'Signed in',
  'session.confirmed': 'Signed in again for a sensitive act',
  'session.refused': 'Sign-in refused',
  'session.ended': 'Signed out',
  'groups.unread': 'Groups could not be read',
  'admin-link.made': 'Link for a first admin made',
  'admin-link.used': 'Became an admin by a link',
  'provider.added': 'Identity provider added',
  'provider.changed': 'Identity provider changed',
  'provider.removed': 'Identity provider removed',
  'key.made': 'API key made',
  'key.revoked': 'API key revoked',
  'key.refused': 'API key refused',
  'member.added': 'Member added',
  'member.changed': 'Member changed',
  'member.removed': 'Member removed by the directory',
  'group.added': 'Group added',
  'group.removed': 'Group removed',
  'group.changed': 'Group changed',
  'nesting.added': 'Group put into a group',
  'nesting.removed': 'Group taken out of a group',
  'membership.added': 'Added to a group',
  'membership.removed': 'Removed from a group',
  'client.added': 'Provisioning client added',
  'client.revoked': 'Provisioning client revoked',
  'request.refused': 'Request refused',
  'question.asked': 'Asked a question',
  'question.answered': 'Answered',
  'search.served': 'Searched through a program',
  'evidence.opened': 'Opened a passage',
  'document.opened': 'Opened a document',
  'file.downloaded': 'Downloaded a file',
  'document.uploaded': 'Uploaded a document',
  'version.uploaded': 'Uploaded a new version',
  'version.ready': 'Document ready',
  'version.failed': 'Document could not be read',
  'version.retried': 'Ingestion started again',
  'document.changed': 'Document changed',
  'document.deleted': 'Deleted a document',
  'document.purged': 'Deletion completed',
  'collection.added': 'Collection added',
  'collection.changed': 'Collection changed',
  'collection.removed': 'Collection removed',
  'grant.added': 'Access granted',
  'grant.changed': 'Access changed',
  'grant.removed': 'Access removed',
  'grant.proposed': 'Wider access proposed',
  'grant.approved': 'Wider access approved',
  'grant.declined': 'Wider access declined',
  'access.explained': 'Looked up who can read what',
  'conversation.renamed': 'Conversation renamed',
  'conversation.deleted': 'Conversation deleted',
  'feedback.given': 'Rated an answer',
  'model.chosen': 'Model chosen',
  'settings.changed': 'Settings changed',
  'audit.searched': 'Looked through records',
  'audit.opened': 'Opened a record',
  'audit.exported': 'Exported records',
  'signing-key.taken': 'Signing key of the log taken into use',
  'signing.stopped': 'Signing of the log stopped',
  'signing.resumed': 'Signing of the log went on',
} as const;
export type AuditEvent = keyof typeof auditEvents;

/** How an act ended. 'abstained': the documents did not answer. 'quoted': answered with quotes, without a model. */
export const auditOutcomes = ['done', 'refused', 'failed', 'answered', 'quoted', 'abstained', 'stopped'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** A row of the compliance list. */
export interface RecordRow {
  seq: number;
  /** ISO 8601 with microseconds, UTC. */
  at: string;
  event: AuditEvent;
  outcome: AuditOutcome;
  /** Null for acts of the product itself. */
  actorId: string | null;
  actorName: string | null;
  actorRole: string | null;
  subjectKind: string | null;
  subjectId: string | null;
  /** A few words on what it was about: a document's or collection's title. Never a question's text. */
  subjectName: string | null;
  turnId: string | null;
  /** The API key through which a program acted for the actor; null: in person. */
  key: { id: string; name: string } | null;
}

/** One record in full. `details` is parsed from the hashed bytes; `content` holds the texts the body commits to. */
export interface RecordInFull extends RecordRow {
  requestId: string | null;
  details: Record<string, unknown>;
  content: Record<string, unknown> | null;
  /** Lower-case hex. */
  leafHash: string;
  contentSha256: string | null;
  /** Whether the stored bytes hash to the stored leaf hash and the content to its commitment, checked on reading. */
  intact: boolean;
  /** Other records of the same turn (asked, answered, opened, rated), oldest first. */
  related: RecordRow[];
}

/** Somebody whose acts can be filtered for. */
export interface Person {
  id: string;
  name: string;
  role: string;
}

/** How the log is signed, for compliance. */
export interface LogState {
  /** 'waiting': no record was ever signed. 'silent': nothing has looked after the log for minutes. */
  state: 'waiting' | 'signed' | 'stopped' | 'silent';
  /** Why, where it is stopped or silent. */
  sentence: string | null;
  /** When the records were last compared with the checkpoints outside the database. */
  checkedAt: string | null;
  checkpoint: { size: number; root: string; signedAt: string } | null;
  /** Records after the last checkpoint. */
  unsigned: number;
  /** What a verifier needs, one for each key that has signed, newest first. Empty: none has. */
  verifierKeys: string[];
}
