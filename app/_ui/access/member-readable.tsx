/** "What this person can read, and why": collections and single documents, each with every reason, page by page. */
'use client';
import { BookOpen, BookX, FileText, Lock } from 'lucide-react';
import Link from 'next/link.js';
import { useState } from 'react';
import type { ReadableObject, ReadablePage } from '#lib/access/types.ts';
import { isProblem } from '../client/problem.ts';
import { readablePage } from '../client/schemas/access.ts';
import { useData } from '../client/use-data.ts';
import { documentsInWords } from '../library/collection-words.ts';
import { Avatar } from '../primitives/avatar.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Notice } from '../primitives/notice.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ReasonList } from './reason-list.tsx';

export function MemberReadable({ memberId }: { memberId: string }) {
  const path = `/api/members/${memberId}/readable`;
  const { data, error, reload } = useData(path, readablePage);
  if (isProblem(error, 'not-found')) {
    return <EmptyState icon={BookX} title="This member does not exist" heading action={<Button asChild><Link href="/admin/members">Members and groups</Link></Button>} />;
  }
  if (error !== null) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return <SkeletonLines lines={8} label="Reading what this person can read" />;
  return (
    <div className="grid max-w-[56rem] gap-6">
      <Person page={data} />
      <section aria-labelledby="readable-title" className="grid gap-2">
        <h2 id="readable-title" className="text-base font-semibold">What {data.member.name} can read, and why</h2>
        <p className="text-sm text-ink-3">{sumInWords(data)} Worked out by the same rule as every search and every page. That you looked is recorded.</p>
        <Objects path={path} page={data} />
      </section>
    </div>
  );
}

function Person({ page: { member } }: { page: ReadablePage }) {
  return (
    <div className="grid gap-4">
      <div className="flex min-w-0 items-center gap-3">
        <Avatar name={member.name} className="size-10 text-sm" />
        <PageHeader title={<span dir="auto">{member.name}</span>} description={<span className="break-all">{member.email}</span>} className="min-w-0 flex-1" />
        {member.disabled && <Badge tone="bad">disabled</Badge>}
      </div>
      {member.disabled && <Notice>Disabled members can read nothing, whatever they are granted. If they are let in again, their grants count again.</Notice>}
    </div>
  );
}

function sumInWords({ documents, total }: ReadablePage): string {
  if (total === 0) return 'Nothing.';
  return `${documentsInWords(documents)} in all.`;
}

function Objects({ path, page }: { path: string; page: ReadablePage }) {
  const [further, setFurther] = useState(false);
  if (page.total === 0) {
    return <EmptyState icon={BookX} title="Nothing is granted to them" className="py-10">No grant that counts names them or a group of theirs.</EmptyState>;
  }
  return (
    <>
      <ul className="divide-y divide-line-soft border-y border-line-soft">
        {page.items.map((object) => <ObjectItem key={object.document?.id ?? object.collection.id} object={object} />)}
      </ul>
      {page.next !== null && (further
        ? <NextObjects path={path} cursor={page.next} />
        : <Button className="justify-self-start" onClick={() => setFurther(true)}>Show more</Button>)}
    </>
  );
}

function NextObjects({ path, cursor }: { path: string; cursor: string }) {
  const { data, error, reload } = useData(`${path}?cursor=${encodeURIComponent(cursor)}`, readablePage);
  if (error !== null) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return <SkeletonLines lines={4} />;
  return <Objects path={path} page={data} />;
}

function ObjectItem({ object: { collection, document, documents, reasons } }: { object: ReadableObject }) {
  const Icon = document === null ? BookOpen : FileText;
  const name = document?.title ?? collection.name;
  return (
    <li className="flex gap-3 py-3.5">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.6] text-ink-3" />
      <div className="grid min-w-0 flex-1 gap-2 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] md:gap-6">
        <div className="min-w-0">
          <Link dir="auto" href={document === null ? `/library/collections/${collection.id}` : `/library/documents/${document.id}`} className="font-medium break-words underline-offset-2 hover:underline">{name}</Link>
          <p className="text-xs text-ink-3">{document === null ? documentsInWords(documents) : `One document of ${collection.name}`}</p>
          {document?.restricted === true && <p className="mt-0.5 flex items-center gap-1 text-xs text-ink-3"><Lock aria-hidden className="size-3" /> Only by grants of its own</p>}
        </div>
        <ReasonList reasons={reasons} />
      </div>
    </li>
  );
}
