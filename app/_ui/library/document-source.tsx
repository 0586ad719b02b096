/** The left side of a document's page: its source, or why there is none to see. */
'use client';
import { CircleAlert, LockKeyhole, RotateCw } from 'lucide-react';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { collectionRow } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { useData } from '../client/use-data.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { SourceView } from '../source/source-view.tsx';
import { GrantMyself } from './no-right-to-read.tsx';
import { ReadingProgress } from './reading-progress.tsx';
import { UploadButton } from './uploads/upload-button.tsx';
import { useAddFiles } from './uploads/upload-context.ts';
import type { ChosenPlace } from './use-chosen-place.ts';
import { isUnderWay } from './version-words.ts';

interface DocumentSourceProps {
  document: DocumentInFull;
  version: VersionRow;
  chosen: ChosenPlace;
}

export function DocumentSource({ document, version, chosen }: DocumentSourceProps) {
  if (!document.mayRead) return <NotReadable document={document} />;
  if (isUnderWay(version)) return <ReadingProgress version={version} />;
  if (version.state === 'failed') return <FailedVersion document={document} version={version} />;
  if (chosen.pending) return <SkeletonLines lines={8} label="Looking for the passage" className="p-6" />;
  return (
    <SourceView
      documentId={document.id}
      versionId={version.id}
      format={version.format}
      place={chosen.passage?.place ?? null}
      {...(chosen.page === null ? {} : { startPage: chosen.page })}
    />
  );
}

function NotReadable({ document }: { document: DocumentInFull }) {
  const { data: collection } = useData(`/api/collections/${document.collectionId}`, collectionRow);
  if (collection === undefined) return <SkeletonLines lines={4} className="p-6" />;
  if (!collection.mayManage) {
    return (
      <EmptyState icon={LockKeyhole} title="You may see that this document exists, not what is in it">
        You oversee this installation. Its versions and their states are beside this; its content takes a grant, which an admin gives.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={LockKeyhole} title="You manage this collection but have no right to read it" action={<GrantMyself collectionId={collection.id} />}>
      Being an admin opens no documents. You can grant yourself the right to read {collection.name}; the audit log records that you did.
    </EmptyState>
  );
}

function FailedVersion({ document, version }: { document: DocumentInFull; version: VersionRow }) {
  const { act, busy } = useAct();
  const addFiles = useAddFiles();
  const newest = document.version.id === version.id;
  const retry = () =>
    act({ path: `/api/documents/${document.id}/versions/${version.id}/retry`, method: 'POST', done: `${document.title} is read again`, changes: ['/api/collections', `/api/documents/${document.id}`] });
  const choices = (
    <>
      <UploadButton single variant="outline" onFiles={(files) => addFiles(files, { kind: 'document', id: document.id, name: document.title })}>Upload a new version</UploadButton>
      <Button disabled={busy} onClick={() => void retry()}><RotateCw /> Try again</Button>
    </>
  );
  return (
    <EmptyState icon={CircleAlert} title="This version could not be read" {...(document.mayEdit && newest ? { action: choices } : {})}>
      <p>{version.problem?.detail ?? 'Something failed while it was read.'}</p>
      <p className="mt-2 text-ink-3">The file itself is kept and can be downloaded. Nothing of it is used in answers.</p>
    </EmptyState>
  );
}
