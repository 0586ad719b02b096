/**
 * JSON schema (draft 7) of the five classes of OCSF that we send, written by hand from the definitions in the repository
 * ocsf/ocsf-schema: which attributes a class and its objects have, which of them are required, which numbers an enum has,
 * and the constraints "at least one of". Attributes that we never send are left out, and whatever is not listed is
 * refused. docs/siem.md names the files and commits this was written from.
 */

const text = { type: 'string' };
const integer = { type: 'integer' };
/** timestamp_t: milliseconds since 1970. */
const timestamp = { type: 'integer', minimum: 0 };
const open = { type: 'object' };

function shape(properties: Record<string, object>, required: readonly string[] = [], atLeastOne: readonly string[] = []): object {
  const anyOf = atLeastOne.length === 0 ? {} : { anyOf: atLeastOne.map((name) => ({ required: [name] })) };
  return { type: 'object', properties, required, additionalProperties: false, ...anyOf };
}

/** objects/_entity.json: `name` or `uid`. */
const entityParts = { name: text, uid: text };
const entityOne = ['name', 'uid'];
const user = shape({ ...entityParts, type: text, type_id: { enum: [0, 1, 2, 3, 4, 99] } }, [], ['account', ...entityOne]);
const group = shape(entityParts, [], entityOne);
const service = shape(entityParts, [], entityOne);
const product = shape({ ...entityParts, vendor_name: text, version: text }, [], entityOne);
const managedEntity = shape({ ...entityParts, type: text, type_id: { enum: [0, 1, 2, 3, 4, 5, 6, 7, 99] } }, [], [...entityOne, 'device', 'group', 'org', 'policy', 'user']);
const endpoint = shape({ ...entityParts, svc_name: text }, [], ['ip', 'uid', 'name', 'hostname', 'svc_name', 'instance_uid', 'interface_uid', 'interface_name', 'domain']);
const resource = shape({ ...entityParts, type: text }, [], entityOne);
const actor = shape({ app_name: text, app_uid: text, user }, [], ['process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid']);
const api = shape({ operation: text, request: shape({ uid: text }, ['uid']), service }, ['operation']);
const metadata = shape({
  version: { const: '1.8.0' }, product, log_name: text, event_code: text, sequence: integer, original_event_uid: text, original_time: text, uid: text, correlation_uid: text, is_truncated: { type: 'boolean' },
}, ['product', 'version']);

/** events/base_event.json. */
const base = {
  activity_id: integer, activity_name: text, category_uid: integer, class_uid: integer, message: text, metadata,
  severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] }, status_id: { enum: [0, 1, 2, 99] }, status_detail: text, time: timestamp, type_uid: integer, unmapped: open,
};
const baseRequired = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];

interface ClassDefinition {
  uid: number;
  category: number;
  /** Besides 0, unknown, and 99, other. */
  activities: number;
  properties: Record<string, object>;
  required: readonly string[];
  atLeastOne?: readonly string[];
}

const classes: readonly ClassDefinition[] = [
  { uid: 3001, category: 3, activities: 12, properties: { actor, user }, required: ['user'] },
  { uid: 3002, category: 3, activities: 7, properties: { actor, user, service }, required: ['user'], atLeastOne: ['service', 'dst_endpoint'] },
  { uid: 3004, category: 3, activities: 13, properties: { actor, entity: managedEntity }, required: ['entity'] },
  { uid: 3006, category: 3, activities: 8, properties: { actor, group, subgroup: group, user }, required: ['group'] },
  { uid: 6003, category: 6, activities: 4, properties: { actor, api, src_endpoint: endpoint, resources: { type: 'array', items: resource } }, required: ['actor', 'api', 'src_endpoint'] },
];

/** One schema a class, by `class_uid`. `type_uid` is class_uid * 100 + activity_id; an activity "other" has its name beside it. */
export const ocsfSchemas: Readonly<Record<number, object>> = Object.fromEntries(classes.map(({ uid, category, activities, properties, required, atLeastOne = [] }) => {
  const ids = [0, ...Array.from({ length: activities }, (_, index) => index + 1), 99];
  const fixed = { class_uid: { const: uid }, category_uid: { const: category }, activity_id: { enum: ids } };
  return [uid, {
    ...shape({ ...base, ...properties, ...fixed }, [...baseRequired, ...required], atLeastOne),
    oneOf: ids.map((id) => ({ properties: { activity_id: { const: id }, type_uid: { const: uid * 100 + id } }, required: id === 99 ? ['activity_name'] : [] })),
  }];
}));
