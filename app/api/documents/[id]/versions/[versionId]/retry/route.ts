/** Another try at reading a version that failed. */
import { z } from 'zod';
import { retryVersion } from '#lib/documents/change.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), versionId: z.uuid() });

export const POST = route({ permission: 'document:edit', params }, async ({ actor, params: { id, versionId } }) => json(await retryVersion(actor, id, versionId)));
