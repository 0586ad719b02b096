/** How far these documents are on their way into the index, for the tray of uploads. */
import { z } from 'zod';
import { progressIdsMax, readProgress } from '#lib/documents/progress.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const query = z.object({
  /** Ids of documents, comma separated. */
  ids: z.string().transform((list) => list.split(',').filter((id) => id !== '')).pipe(z.array(z.uuid('names something that is no id')).max(progressIdsMax, `names more than ${progressIdsMax} documents`)),
});

export const GET = route({ permission: 'document:read', query }, async ({ actor, query: { ids } }) => json({ items: await readProgress(actor, ids) }));
