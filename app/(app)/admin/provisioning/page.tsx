/** Admin: the directories that provision members and groups by SCIM. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { scimBase } from '#lib/http/scim-route.ts';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';
import { Provisioning } from '../../../_ui/provisioning/provisioning.tsx';

export const metadata: Metadata = { title: 'Provisioning' };

export default async function ProvisioningPage() {
  await requireActor('provisioning:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Provisioning' }]}>
      <Provisioning address={scimBase()} />
    </PageFrame>
  );
}
