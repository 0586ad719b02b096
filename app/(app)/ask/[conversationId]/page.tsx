/** One conversation. Drawn by the layout above, which reads the id from the address; only its owner can load it. */
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Conversation' };

export default function ConversationPage(): null {
  return null;
}
