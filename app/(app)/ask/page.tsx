/** A new question. Drawn by the layout above. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';

export const metadata: Metadata = { title: 'Ask' };

export default async function AskPage(): Promise<null> {
  await requireActor('answer:ask');
  return null;
}
