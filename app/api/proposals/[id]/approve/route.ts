/** A second admin approves a proposal, which carries it out. */
import { z } from 'zod';
import { approveProposal } from '#lib/access/decide.ts';
import { noContent } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid() });

export const POST = route({ permission: 'grant:manage', recentSignIn: true, params }, async ({ actor, params: { id } }) => {
  await approveProposal(actor, id);
  return noContent();
});
