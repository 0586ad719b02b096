/** An admin declines a proposal, or withdraws their own. */
import { z } from 'zod';
import { declineProposal } from '#lib/access/decide.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const POST = route({ permission: 'grant:manage', recentSignIn: true, params }, async ({ actor, params: { id } }) => {
  await declineProposal(actor, id);
  return noContent();
});
