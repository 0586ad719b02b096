/** A member's own API keys. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { env } from '#lib/env.ts';
import { PageFrame } from '../../_ui/frame/page-frame.tsx';
import { Keys } from '../../_ui/keys/keys.tsx';

export const metadata: Metadata = { title: 'API keys' };

export default async function KeysPage() {
  await requireActor('profile:read');
  return (
    <PageFrame crumbs={[{ label: 'API keys' }]}>
      <Keys address={env().ATTEST_URL} />
    </PageFrame>
  );
}
