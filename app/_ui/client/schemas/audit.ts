/** What the routes about the audit log answer, checked in the browser. */
import { z } from 'zod';
import { auditEvents, auditOutcomes, type AuditEvent, type LogState, type Person, type RecordInFull, type RecordRow } from '#lib/audit/types.ts';

const eventNames = Object.keys(auditEvents).filter((name): name is AuditEvent => name in auditEvents);

export const recordRow = z.object({
  seq: z.number(),
  at: z.string(),
  event: z.enum(eventNames),
  outcome: z.enum(auditOutcomes),
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  actorRole: z.string().nullable(),
  subjectKind: z.string().nullable(),
  subjectId: z.string().nullable(),
  subjectName: z.string().nullable(),
  turnId: z.string().nullable(),
  key: z.object({ id: z.string(), name: z.string() }).nullable(),
}) satisfies z.ZodType<RecordRow>;

export const recordInFull = recordRow.extend({
  requestId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  content: z.record(z.string(), z.unknown()).nullable(),
  leafHash: z.string(),
  contentSha256: z.string().nullable(),
  intact: z.boolean(),
  related: z.array(recordRow),
}) satisfies z.ZodType<RecordInFull>;

export const recordCount = z.object({ total: z.number(), totalIsExact: z.boolean() });

export const person = z.object({ id: z.string(), name: z.string(), role: z.string() }) satisfies z.ZodType<Person>;

export const logState = z.object({
  state: z.enum(['waiting', 'signed', 'stopped', 'silent']),
  sentence: z.string().nullable(),
  checkedAt: z.string().nullable(),
  checkpoint: z.object({ size: z.number(), root: z.string(), signedAt: z.string() }).nullable(),
  unsigned: z.number(),
  verifierKeys: z.array(z.string()),
}) satisfies z.ZodType<LogState>;
