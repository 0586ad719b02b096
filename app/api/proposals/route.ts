/** Changes that wait for a second admin, and those that were decided. */
import { listProposals, proposalQuery } from '#lib/access/proposals.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'grant:manage', query: proposalQuery }, async ({ actor, query }) => json(await listProposals(actor, query)));
