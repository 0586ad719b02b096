/** One collection: its documents and who may read them. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { CollectionPage } from '../../../../_ui/library/collection-page.tsx';

export const metadata: Metadata = { title: 'Collection' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requireActor('document:read');
  const { id } = await params;
  return <CollectionPage key={id} collectionId={id} />;
}
