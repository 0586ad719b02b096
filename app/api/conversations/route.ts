/** The member's own conversations. */
import { conversationQuery, listConversations } from '#lib/conversations/read.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'conversation:keep', query: conversationQuery }, async ({ actor, query }) => json(await listConversations(actor, query)));
