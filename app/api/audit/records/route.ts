/** The list of records. */
import { recordQuery } from '#lib/audit/query.ts';
import { listRecords } from '#lib/audit/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'audit:read', query: recordQuery }, async ({ actor, query }) => json(await listRecords(actor, query)));
