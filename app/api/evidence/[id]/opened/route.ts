/** Noting that a passage behind an answer was opened. */
import { z } from 'zod';
import { noteEvidenceOpened } from '#lib/conversations/write.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const POST = route({ permission: 'conversation:keep', params }, async ({ actor, params: { id } }) => {
  await noteEvidenceOpened(actor, id);
  return noContent();
});
