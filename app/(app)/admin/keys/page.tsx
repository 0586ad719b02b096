/** Admin: the API keys of all members. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { MemberKeys } from '../../../_ui/admin/member-keys.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'API keys of members' };

export default async function MemberKeysPage() {
  await requireActor('member:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'API keys' }]}>
      <MemberKeys />
    </PageFrame>
  );
}
