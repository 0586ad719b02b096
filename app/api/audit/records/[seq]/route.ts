/** One record in full. */
import { z } from 'zod';
import { readRecord } from '#lib/audit/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ seq: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

export const GET = route({ permission: 'audit:read', params }, async ({ actor, params: { seq } }) => json(await readRecord(actor, seq)));
