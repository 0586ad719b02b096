/** The audit log: every record, filtered. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { requireActor } from '#lib/auth/page.ts';
import { Records } from '../../../_ui/compliance/records.tsx';
import { PageFrame } from '../../../_ui/frame/page-frame.tsx';

export const metadata: Metadata = { title: 'Records' };

export default async function RecordsPage() {
  await requireActor('audit:read');
  return (
    <PageFrame crumbs={[{ label: 'Compliance' }, { label: 'Records' }]} fill>
      <Suspense>
        <Records />
      </Suspense>
    </PageFrame>
  );
}
