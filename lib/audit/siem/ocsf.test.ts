/** Every event of the log in OCSF 1.8, held to the schema of its class by ajv. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Ajv from 'ajv';
import { auditEvents, auditOutcomes } from '../types.ts';
import { ocsfKinds } from './ocsf-classes.ts';
import { toOcsf } from './ocsf.ts';
import type { SiemRecord } from './record.ts';
import { hostile, makeRecord } from './testing.ts';
import { ocsfSchemas } from './testing-ocsf-schema.ts';

const ajv = new Ajv({ allErrors: true });
const checks = new Map(Object.entries(ocsfSchemas).map(([uid, schema]) => [Number(uid), ajv.compile(schema)]));
const events = Object.keys(auditEvents);

function assertValid(record: SiemRecord): Record<string, unknown> {
  const event = JSON.parse(toOcsf(record, { version: '0.1.0' })) as Record<string, unknown>;
  const check = checks.get(Number(event['class_uid']));
  assert.ok(check, `${record.event}: no schema for class ${String(event['class_uid'])}`);
  assert.ok(check(event), `${record.event}: ${JSON.stringify(check.errors)}\n${JSON.stringify(event)}`);
  return event;
}

/** The ways a record can lack something. */
function variantsOf(record: SiemRecord): SiemRecord[] {
  const bare = { ...record, actorId: null, actorRole: null, requestId: null, subjectKind: null, subjectId: null, subjectName: null, outcome: null, id: null };
  return [
    record, bare, { ...bare, actorRole: 'sign-in' }, { ...record, actorId: null, actorRole: 'ingest' }, { ...record, subjectName: null }, { ...record, subjectId: null },
    { ...record, keyId: 'k', keyName: null }, { ...record, keyId: 'k', keyName: 'My script' }, { ...record, cut: 'details,names' }, { ...record, requestId: 'r', details: { member: 'm', inner: 'g' } },
    ...['member', 'group', 'setting'].map((subjectKind) => ({ ...record, subjectKind })), ...auditOutcomes.map((outcome) => ({ ...record, outcome })),
    ...hostile.map((text) => ({ ...record, subjectName: text, subjectId: text, keyId: text, details: { member: text, inner: text, [text]: text } })),
  ];
}

test('every event has its class and activity, and no other has', () => {
  assert.deepEqual(events.filter((event) => !Object.hasOwn(ocsfKinds, event)), [], 'lib/audit/siem/ocsf-classes.ts');
});

test(`${events.length} events, each with everything that a record may lack or hold, are valid OCSF 1.8`, () => {
  for (const event of [...events, 'an.event-of-tomorrow', '', 'constructor']) for (const record of variantsOf({ ...makeRecord(5), event })) assertValid(record);
});

test('a sign-in, a membership and a question are what an analyst looks for', () => {
  const started = assertValid({ ...makeRecord(1), event: 'session.started', subjectKind: null, subjectId: null, subjectName: null });
  assert.deepEqual([started['type_uid'], started['user']], [300201, { uid: makeRecord(1).actorId }]);
  const added = assertValid({ ...makeRecord(1), event: 'membership.added', subjectKind: 'group', subjectId: 'g', subjectName: 'Board', details: { member: 'm' } });
  assert.deepEqual([added['type_uid'], added['group'], added['user']], [300603, { uid: 'g', name: 'Board' }, { uid: 'm' }]);
  const asked = assertValid({ ...makeRecord(1), event: 'question.asked', requestId: 'r', subjectKind: 'turn', subjectId: 't', subjectName: null });
  assert.deepEqual([asked['type_uid'], asked['resources']], [600301, [{ uid: 't', type: 'turn' }]]);
});

test('the schema refuses what is not OCSF', () => {
  const good = assertValid(makeRecord(1));
  const check = checks.get(6003);
  const without = (name: string): Record<string, unknown> => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
  const bad = [
    ...['actor', 'api', 'src_endpoint', 'metadata', 'time', 'type_uid', 'severity_id', 'class_uid'].map(without),
    { ...good, time: '2026' }, { ...good, made_up: 1 }, { ...good, type_uid: 600399 }, { ...good, activity_id: 7 }, { ...good, actor: {} }, { ...good, api: {} }, { ...good, severity_id: 9 }, { ...good, metadata: { version: '1.8.0' } },
  ];
  for (const event of bad) assert.equal(check?.(event), false, JSON.stringify(event));
});
