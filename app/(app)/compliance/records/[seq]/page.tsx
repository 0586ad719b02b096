/** One audit record. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation.js';
import { requireActor } from '#lib/auth/page.ts';
import { PageFrame } from '../../../../_ui/frame/page-frame.tsx';
import { RecordPage } from '../../../../_ui/compliance/record-page.tsx';

export const metadata: Metadata = { title: 'Record' };

export default async function Page({ params }: { params: Promise<{ seq: string }> }) {
  await requireActor('audit:read');
  const seq = Number((await params).seq);
  if (!Number.isSafeInteger(seq) || seq < 0) notFound();
  return (
    <PageFrame crumbs={[{ label: 'Compliance' }, { label: 'Records', href: '/compliance/records' }, { label: `Record ${seq}` }]} fill>
      <RecordPage key={seq} seq={seq} />
    </PageFrame>
  );
}
