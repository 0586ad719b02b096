/** The documents of a collection; uploading one as the raw body. */
import { z } from 'zod';
import { documentQuery, listDocuments } from '#lib/documents/read.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { uploadOf, uploadQuery } from '#lib/http/upload.ts';

const params = z.object({ id: z.uuid() });

export const GET = route({ permission: 'document:read', params, query: documentQuery }, async ({ actor, params: { id }, query }) =>
  json(await listDocuments(actor, id, query)));
export const POST = route({ permission: 'document:edit', rateLimit: 'upload', params, query: uploadQuery }, async ({ actor, params: { id }, query, request }) =>
  json(await uploadDocument(actor, id, uploadOf(request, query)), 201));
