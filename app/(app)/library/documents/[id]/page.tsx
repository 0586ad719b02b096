/** One document, open at a place: ?version= (its number), ?block= or ?page=. */
import type { Metadata } from 'next';
import { z } from 'zod';
import { requireActor } from '#lib/auth/page.ts';
import { DocumentPage } from '../../../../_ui/library/document-page.tsx';

export const metadata: Metadata = { title: 'Document' };

const count = z.coerce.number().int().min(0).catch(Number.NaN);
const openAt = z.object({ version: count, block: count, page: count });

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ params, searchParams }: PageProps) {
  await requireActor('document:read');
  const { id } = await params;
  // An address that names nothing readable opens the document at its beginning.
  const { version, block, page } = openAt.parse(await searchParams);
  const at = { version: orNull(version), block: orNull(block), page: orNull(page) };
  return <DocumentPage key={`${id} ${at.version} ${at.block} ${at.page}`} documentId={id} at={at} />;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
