/** What compliance may filter records by; parsed from the address bar so that a view is a link. Pure. */
import { z } from 'zod';
import { auditEvents, auditOutcomes, type AuditEvent } from './types.ts';

const isEvent = (value: string): value is AuditEvent => value in auditEvents;

export const recordsPerPageMax = 200;

export const recordQuery = z.object({
  /** One event or several, comma separated. */
  event: z.string().transform((list, context) => {
    const names = list.split(',').filter((name) => name !== '');
    const known = names.filter(isEvent);
    if (known.length !== names.length) context.addIssue({ code: 'custom', message: 'names an event that does not exist' });
    return known;
  }).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  actor: z.uuid().optional(),
  collection: z.uuid().optional(),
  document: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  to: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  /** The record number below which the page starts. */
  cursor: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(recordsPerPageMax).default(50),
});
export type RecordQuery = z.infer<typeof recordQuery>;
