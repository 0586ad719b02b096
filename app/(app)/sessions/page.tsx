/** Where one is signed in, and ending that. */
import type { Metadata } from 'next';
import { requireActor } from '#lib/auth/page.ts';
import { env } from '#lib/env.ts';
import { PageFrame } from '../../_ui/frame/page-frame.tsx';
import { Sessions } from '../../_ui/sessions/sessions.tsx';

export const metadata: Metadata = { title: 'Where you are signed in' };

export default async function SessionsPage() {
  await requireActor('profile:read');
  return (
    <PageFrame crumbs={[{ label: 'Where you are signed in' }]}>
      <Sessions hours={env().SESSION_HOURS} idleMinutes={env().SESSION_IDLE_MINUTES} />
    </PageFrame>
  );
}
