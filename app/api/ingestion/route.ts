/** What ingestion is working on and what failed, for admins. */
import { readIngestion } from '#lib/documents/progress.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'collection:manage' }, async ({ actor }) => json(await readIngestion(actor)));
