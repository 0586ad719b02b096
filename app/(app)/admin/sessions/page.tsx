/** Admin: where everybody is signed in. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { EveryonesSessions } from '../../../_ui/admin/everyones-sessions.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Sessions' };

export default async function EveryonesSessionsPage() {
  await requireActor('member:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Sessions' }]}>
      <EveryonesSessions />
    </PageFrame>
  );
}
