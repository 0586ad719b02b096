/** Admin: models. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { Models } from '../../../_ui/admin/models.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Models' };

export default async function ModelsPage() {
  await requireActor('model:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Models' }]}>
      <Models />
    </PageFrame>
  );
}
