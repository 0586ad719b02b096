/** One conversation. Drawn by the layout above, which reads the id from the address; only its owner can load it. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';

export const metadata: Metadata = { title: 'Conversation' };

export default async function ConversationPage(): Promise<null> {
  await requireActor('conversation:keep');
  return null;
}
