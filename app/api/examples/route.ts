/** Example questions that the asker's documents can answer. */
import { listExamples } from '#lib/conversations/examples.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'answer:ask' }, async ({ actor }) => json({ items: await listExamples(actor) }));
