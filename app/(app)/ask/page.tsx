/** A new question. Drawn by the layout above. */
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Ask' };

export default function AskPage(): null {
  return null;
}
