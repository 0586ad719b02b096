/** Compliance: the audit log. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { requireActor } from '#lib/auth/page.ts';
import { Records } from '../../_ui/compliance/records.tsx';

export const metadata: Metadata = { title: 'Records' };

export default async function CompliancePage() {
  await requireActor('audit:read');
  return (
    <Suspense>
      <Records />
    </Suspense>
  );
}
