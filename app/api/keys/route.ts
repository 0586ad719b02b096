/** The asking member's API keys, and making one. The answer to making one is the only place where a key ever stands. */
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';
import { listKeys } from '#lib/keys/read.ts';
import { makeKey, newKeyInput } from '#lib/keys/write.ts';

export const GET = route({ permission: 'profile:read' }, async ({ actor }) => json({ items: await listKeys(actor), next: null }));

export const POST = route({ permission: 'key:make', body: newKeyInput }, async ({ actor, body }) => json(await makeKey(actor, body), 201));
