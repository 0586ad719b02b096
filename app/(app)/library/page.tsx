/** Library: the collections that one may see. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { PageFrame } from '../../_ui/frame/page-frame.tsx';
import { Collections } from '../../_ui/library/collections.tsx';

export const metadata: Metadata = { title: 'Library' };

export default async function LibraryPage() {
  await requireActor('document:read');
  return (
    <PageFrame crumbs={[{ label: 'Library' }]}>
      <Collections />
    </PageFrame>
  );
}
