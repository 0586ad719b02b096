/** What /api/ingestion answers, checked in the browser. */
import { z } from 'zod';
import { versionStates, type IngestionOverview, type IngestionRow } from '#lib/documents/types.ts';
import { versionRow } from './documents.ts';

const ingestionRow = z.object({
  documentId: z.string(),
  documentTitle: z.string(),
  collectionId: z.string(),
  collectionName: z.string(),
  version: versionRow,
}) satisfies z.ZodType<IngestionRow>;

export const ingestionOverview = z.object({
  counts: z.record(z.enum(versionStates), z.number()),
  items: z.array(ingestionRow),
  failed: z.array(ingestionRow),
}) satisfies z.ZodType<IngestionOverview>;
