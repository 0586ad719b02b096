/** Admin: ingestion. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { Ingestion } from '../../../_ui/admin/ingestion.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Ingestion' };

export default async function IngestionPage() {
  await requireActor('collection:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Ingestion' }]}>
      <Ingestion />
    </PageFrame>
  );
}
