/** The file of a version as it was uploaded: shown in place (PDF) or saved. The record of it is committed before a byte leaves. */
import { z } from 'zod';
import { downloadFileOf, openFileOf } from '#lib/documents/content.ts';
import { fileResponse } from '#lib/http/file.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ id: z.uuid(), versionId: z.uuid() });
const query = z.object({ download: z.literal('1').optional() });

export const GET = route({ permission: 'document:read', params, query }, async ({ actor, params: { id, versionId }, query, request }) => {
  const download = query.download !== undefined;
  const open = download ? downloadFileOf : openFileOf;
  return fileResponse(request, await open(actor, { documentId: id, versionId }), { download });
});
