/** Admin: changes that reach beyond a sensitive group and wait for a second admin. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { Approvals } from '../../../_ui/access/approvals.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Approvals' };

export default async function ApprovalsPage() {
  await requireActor('grant:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Approvals' }]}>
      <Approvals />
    </PageFrame>
  );
}
