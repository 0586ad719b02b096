/** "Who can read this, and why": everybody who may read a document, each with every reason, page by page. */
'use client';
import { UserX } from 'lucide-react';
import Link from 'next/link.js';
import { useState } from 'react';
import type { Reader } from '#lib/access/types.ts';
import { readerPage } from '../client/schemas/access.ts';
import { useData } from '../client/use-data.ts';
import { useFrame } from '../frame/frame-context.ts';
import { Avatar } from '../primitives/avatar.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ReasonList } from './reason-list.tsx';

export function DocumentReaders({ documentId }: { documentId: string }) {
  return (
    <section aria-labelledby="readers-title" className="grid gap-2">
      <h2 id="readers-title" className="text-sm font-medium tracking-normal">Who can read this, and why</h2>
      <ReaderList documentId={documentId} cursor={null} />
    </section>
  );
}

/** One page, and below it the next once it is asked for. */
function ReaderList({ documentId, cursor }: { documentId: string; cursor: string | null }) {
  const { data, error, reload } = useData(`/api/documents/${documentId}/readers${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`, readerPage);
  const [further, setFurther] = useState(false);
  if (error !== null) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return <SkeletonLines lines={4} label="Reading who can read this" />;
  return (
    <>
      {cursor === null && data.total === 0 && (
        <EmptyState icon={UserX} title="Nobody can read this document" className="py-8">No grant that counts opens it to anybody.</EmptyState>
      )}
      {cursor === null && data.total > 0 && (
        <p className="text-xs text-ink-3">
          {data.total === 1 ? '1 person' : `${data.total.toLocaleString('en')} people`}, worked out by the same rule as every search and every page. That you looked is recorded.
        </p>
      )}
      <ul className="divide-y divide-line-soft">
        {data.items.map((reader) => <ReaderItem key={reader.id} reader={reader} />)}
      </ul>
      {data.next !== null && (further
        ? <ReaderList documentId={documentId} cursor={data.next} />
        : <Button size="sm" className="justify-self-start" onClick={() => setFurther(true)}>Show more people</Button>)}
    </>
  );
}

function ReaderItem({ reader }: { reader: Reader }) {
  const { rights, person } = useFrame();
  return (
    <li className="flex gap-3 py-3">
      <Avatar name={reader.name} className="mt-0.5" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <div className="min-w-0">
          <p className="flex min-w-0 items-center gap-2">
            {rights.admin
              ? <Link dir="auto" href={`/admin/members/${reader.id}`} title={reader.name} className="truncate font-medium underline-offset-2 hover:underline">{reader.name}</Link>
              : <span dir="auto" title={reader.name} className="truncate font-medium">{reader.name}</span>}
            {reader.id === person.id && <span className="shrink-0 text-ink-3">you</span>}
          </p>
          <p className="truncate text-xs text-ink-3" title={reader.email}>{reader.email}</p>
        </div>
        <ReasonList reasons={reader.reasons} />
      </div>
    </li>
  );
}
