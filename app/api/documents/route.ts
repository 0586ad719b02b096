/** Documents that the member may read, in whichever collection. */
import { findDocuments } from '#lib/documents/find.ts';
import { documentQuery } from '#lib/documents/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'document:read', query: documentQuery }, async ({ actor, query }) => json(await findDocuments(actor, query)));
