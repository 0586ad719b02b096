/** Admin: one member, with what they can read and why. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { MemberReadable } from '../../../../_ui/access/member-readable.tsx';
import { PageFrame } from '../../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Member' };

export default async function MemberPage({ params }: { params: Promise<{ id: string }> }) {
  await requireActor('member:manage');
  const { id } = await params;
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Members and groups', href: '/admin/members' }, { label: 'Member' }]}>
      <MemberReadable key={id} memberId={id} />
    </PageFrame>
  );
}
