/** All collections that the asker may see; adding one. */
import { listCollections } from '#lib/collections/read.ts';
import { addCollection, newCollection } from '#lib/collections/write.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'document:read' }, async ({ actor }) => json({ items: await listCollections(actor) }));
export const POST = route({ permission: 'collection:manage', body: newCollection }, async ({ actor, body }) => json(await addCollection(actor, body), 201));
