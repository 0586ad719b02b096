/** Admin: the identity providers that people sign in with. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { env } from '#lib/env.ts';
import { Providers } from '../../../_ui/admin/providers/providers.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Sign-in' };

export default async function ProvidersPage() {
  await requireActor('provider:manage');
  return (
    <PageFrame crumbs={[{ label: 'Admin' }, { label: 'Sign-in' }]}>
      <Providers address={env().ATTEST_URL} />
    </PageFrame>
  );
}
