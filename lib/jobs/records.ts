/** What working on a job leaves in the audit log, or why it leaves nothing. `npm run audit:coverage` holds every queue to a row. */
import type { AuditEvent } from '../audit/types.ts';

export const jobRecords: Readonly<Record<string, readonly AuditEvent[] | { none: string }>> = {
  'ingest-version': ['version.ready', 'version.failed'],
  'purge-document': ['document.purged'],
  'embed-version': { none: 'vectors of a text whose version is recorded when it becomes ready; nobody reads it' },
  'remove-vectors': { none: 'vectors of a model that is used no more; no text goes' },
};
