/** How many records a filter matches. */
import { recordQuery } from '#lib/audit/query.ts';
import { countRecords } from '#lib/audit/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'audit:read', query: recordQuery }, async ({ actor, query }) => json(await countRecords(actor, query)));
