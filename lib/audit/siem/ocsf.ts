/**
 * A record as one line of JSON in the Open Cybersecurity Schema Framework, version 1.8.0. Pure. What OCSF has no place
 * for stands in `unmapped` under our own names, so that nothing of a record is lost on the way.
 */
import { jsonText, isTrouble, wordsFor, type SiemRecord } from './record.ts';
import { ocsfClasses, ocsfKinds, unknownKind, type OcsfClass, type OcsfKind } from './ocsf-classes.ts';

const schemaVersion = '1.8.0';
const severityIds = { information: 1, low: 2 } as const;
const statusIds = { success: 1, failure: 2 } as const;
const userTypes = { employee: 1, compliance: 1, admin: 2, other: 3 } as const;
const otherType = 99;
/** Where a record says nothing OCSF still asks for something. */
const unknown = 'unknown';

/** One JSON object without a line break. */
export function toOcsf(record: SiemRecord, { version }: { version: string }): string {
  const kind = (Object.hasOwn(ocsfKinds, record.event) ? ocsfKinds[record.event] : undefined) ?? unknownKind;
  const { uid, category } = ocsfClasses[kind.class];
  return jsonText({
    time: Date.parse(record.at) || 0,
    class_uid: uid,
    category_uid: category,
    activity_id: kind.activity,
    ...(kind.activity === otherType ? { activity_name: wordsFor(record.event) } : {}),
    type_uid: uid * 100 + kind.activity,
    severity_id: isTrouble(record) ? severityIds.low : severityIds.information,
    status_id: isTrouble(record) ? statusIds.failure : statusIds.success,
    ...(record.outcome === null ? {} : { status_detail: record.outcome }),
    message: wordsFor(record.event),
    metadata: {
      version: schemaVersion, product: { name: 'Attest', vendor_name: 'Attest', version }, log_name: 'audit', event_code: record.event,
      // The number of the record: a receiver that gets one twice knows it by this.
      sequence: record.seq, original_event_uid: String(record.seq), original_time: record.at,
      ...(record.id === null ? {} : { uid: record.id }),
      ...(record.requestId === null ? {} : { correlation_uid: record.requestId }),
      ...(record.cut === null ? {} : { is_truncated: true }),
    },
    actor: actorOf(record),
    ...objectOf(record, kind),
    unmapped: unmappedOf(record),
  });
}

function actorOf({ actorId, actorRole, keyId, keyName }: SiemRecord) {
  const app = keyId === null ? {} : { app_uid: keyId, ...(keyName === null ? {} : { app_name: keyName }) };
  if (actorId === null) return { app_name: actorRole ?? unknown, ...app };
  return { user: { uid: actorId, type_id: userType(actorRole), ...(actorRole === null ? {} : { type: actorRole }) }, ...app };
}

function userType(role: string | null): number {
  const types: Readonly<Record<string, number>> = userTypes;
  return types[role ?? 'other'] ?? userTypes.other;
}

/** What each class is about. */
function objectOf(record: SiemRecord, { class: name }: OcsfKind): object {
  const objects: Record<OcsfClass, () => object> = {
    account: () => ({ user: subjectUser(record) }),
    authentication: () => ({ user: subjectUser(record), service: { name: 'Attest' } }),
    entity: () => ({ entity: { ...nameOf(record), type_id: otherType, type: record.subjectKind ?? unknown } }),
    group: () => ({ group: record.subjectKind === 'group' ? nameOf(record) : { name: unknown }, ...groupPartOf(record) }),
    api: () => ({
      api: { operation: record.event, service: { name: 'Attest' }, ...(record.requestId === null ? {} : { request: { uid: record.requestId } }) },
      // The log holds no address of a browser or program.
      src_endpoint: { name: unknown },
      ...(record.subjectId === null && record.subjectName === null ? {} : { resources: [{ ...nameOf(record), type: record.subjectKind ?? unknown }] }),
    }),
  };
  return objects[name]();
}

function nameOf({ subjectId, subjectName }: SiemRecord): { uid?: string; name?: string } {
  if (subjectId === null && subjectName === null) return { name: unknown };
  return { ...(subjectId === null ? {} : { uid: subjectId }), ...(subjectName === null ? {} : { name: subjectName }) };
}

/** Whom a sign-in or a change of an account is about: the subject where it is a member, else the actor. */
function subjectUser(record: SiemRecord) {
  if (record.subjectKind === 'member') return nameOf(record);
  return record.actorId === null ? { name: unknown } : { uid: record.actorId };
}

/** The member or group that was put in or taken out, where the record names one. */
function groupPartOf({ event, details }: SiemRecord): object {
  const { member, inner } = details;
  if (event.startsWith('membership.') && typeof member === 'string') return { user: { uid: member } };
  if (event.startsWith('nesting.') && typeof inner === 'string') return { subgroup: { uid: inner } };
  return {};
}

function unmappedOf({ leafHash, outcome, subjectKind, subjectId, subjectName, collectionId, documentId, turnId, keyId, keyName, actorRole, details, cut }: SiemRecord) {
  const facts = { leafHash, outcome, actorRole, subjectKind, subjectId, subjectName, collectionId, documentId, turnId, keyId, keyName, cut };
  return { ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)), details };
}
