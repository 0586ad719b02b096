/** Uploading the next version of a document as the raw body. */
import { z } from 'zod';
import { uploadVersion } from '#lib/documents/write.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { uploadOf, uploadQuery } from '#lib/http/upload.ts';

const params = z.object({ id: z.uuid() });

export const POST = route({ permission: 'document:edit', rateLimit: 'upload', params, query: uploadQuery }, async ({ actor, params: { id }, query, request }) =>
  json(await uploadVersion(actor, id, uploadOf(request, query)), 201));
