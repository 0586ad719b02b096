/** Whether a document is read by those who may read its collection, or by those alone to whom it is granted itself. */
import { z } from 'zod';
import { isProposed } from '#lib/access/propose.ts';
import { restrictDocument, restriction } from '#lib/documents/restrict.ts';
import { json, proposed } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const PUT = route({ permission: 'grant:manage', params, body: restriction }, async ({ actor, params: { id }, body }) => {
  const outcome = await restrictDocument(actor, id, body);
  return isProposed(outcome) ? proposed(outcome) : json(outcome);
});
