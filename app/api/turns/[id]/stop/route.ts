/** Stopping an answer. `stopped` is false when it had ended, or is being written by another process (which the closed stream tells). */
import { z } from 'zod';
import { stopTurn } from '#lib/answer/running.ts';
import { requireTurn } from '#lib/conversations/write.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const POST = route({ permission: 'answer:ask', params }, async ({ actor, params: { id } }) => {
  await requireTurn(actor, id);
  return json({ stopped: stopTurn(id) });
});
