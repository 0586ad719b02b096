/** Whose records can be filtered for. */
import { listPeople } from '#lib/audit/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'audit:read' }, async ({ actor }) => json({ items: await listPeople(actor), next: null }));
