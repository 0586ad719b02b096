/** Admin: members and groups. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { Members } from '../../../_ui/admin/members.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Members and groups' };

export default async function MembersPage() {
  await requireActor('member:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Members and groups' }]}>
      <Members />
    </PageFrame>
  );
}
