/** One document: its source with a passage marked, and beside it passages, versions, problems and access. */
'use client';
import { FileX } from 'lucide-react';
import Link from 'next/link.js';
import { useRouter } from 'next/navigation.js';
import { useState } from 'react';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { isProblem } from '../client/problem.ts';
import { documentInFull } from '../client/schemas/documents.ts';
import { useData } from '../client/use-data.ts';
import { PageFrame } from '../frame/page-frame.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { chooseVersion, type OpenAt } from './document-address.ts';
import { DocumentAside } from './document-aside.tsx';
import { DocumentHeader } from './document-header.tsx';
import { DocumentSource } from './document-source.tsx';
import { useChosenPlace } from './use-chosen-place.ts';
import { useOpening } from './use-opening.ts';
import { isUnderWay } from './version-words.ts';

const underWayEveryMs = 1_500;

export function DocumentPage({ documentId, at }: { documentId: string; at: OpenAt }) {
  const [moving, setMoving] = useState(false);
  const { data: document, error, reload } = useData(`/api/documents/${documentId}`, documentInFull, { everyMs: moving ? underWayEveryMs : null });
  const [deleted, setDeleted] = useState(false);
  const router = useRouter();
  const underWay = document !== undefined && isUnderWay(document.version);
  if (underWay !== moving) setMoving(underWay);
  const missing = deleted || isProblem(error, 'not-found') || isProblem(error, 'malformed-request');
  const leave = (): void => {
    setDeleted(true);
    router.replace(document === undefined ? '/library' : `/library/collections/${document.collectionId}`);
  };
  const crumbs = document === undefined || missing
    ? [{ label: 'Library', href: '/library' }, { label: 'Document' }]
    : [{ label: 'Library', href: '/library' }, { label: document.collectionName, href: `/library/collections/${document.collectionId}` }, { label: document.title }];
  const version = document === undefined ? undefined : chooseVersion(document, at.version);
  return (
    <PageFrame crumbs={crumbs} fill>
      <div className="flex min-w-0 flex-1 flex-col max-lg:overflow-y-auto">
        {missing && <MissingDocument />}
        {error !== null && !missing && <ErrorNote error={error} onRetry={reload} title="The document could not be read" className="m-4" />}
        {document === undefined && error === null && <SkeletonLines lines={10} label="Opening the document" className="p-6" />}
        {document !== undefined && version !== undefined && !missing && <DocumentBody key={version.id} document={document} version={version} at={at} onDeleted={leave} />}
      </div>
    </PageFrame>
  );
}

interface DocumentBodyProps {
  document: DocumentInFull;
  version: VersionRow;
  at: OpenAt;
  onDeleted: () => void;
}

function DocumentBody({ document, version, at, onDeleted }: DocumentBodyProps) {
  const readable = document.mayRead && version.state === 'ready';
  const chosen = useChosenPlace({ document, version, at, readable });
  useOpening(readable ? { documentId: document.id, versionId: version.id } : null);
  return (
    <>
      <DocumentHeader document={document} version={version} onDeleted={onDeleted} />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <section aria-label="Source" className="flex min-w-0 flex-col max-lg:h-[62dvh] max-lg:shrink-0 lg:min-h-0 lg:flex-1">
          <DocumentSource document={document} version={version} chosen={chosen} />
        </section>
        <DocumentAside document={document} version={version} chosen={chosen} />
      </div>
    </>
  );
}

function MissingDocument() {
  return (
    <EmptyState icon={FileX} title="This document is not here" heading action={<Button asChild><Link href="/library">Go to the library</Link></Button>} className="pt-24">
      It was deleted, or it was not granted to you. If you followed a link, ask the person who sent it.
    </EmptyState>
  );
}
