/** Rating an answer, and taking the rating back. */
import { z } from 'zod';
import { giveFeedback, newFeedback, takeFeedbackBack } from '#lib/conversations/write.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const PUT = route({ permission: 'conversation:keep', params, body: newFeedback }, async ({ actor, params: { id }, body }) => {
  await giveFeedback(actor, id, body);
  return noContent();
});

export const DELETE = route({ permission: 'conversation:keep', params }, async ({ actor, params: { id } }) => {
  await takeFeedbackBack(actor, id);
  return noContent();
});
