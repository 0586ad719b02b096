/** How the log is signed. */
import { readLogState } from '#lib/audit/log-state.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'audit:read' }, async ({ actor }) => json(await readLogState(actor)));
