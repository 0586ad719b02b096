/** Who can read this document, and why one may oneself. */
'use client';
import Link from 'next/link.js';
import type { CollectionRow } from '#lib/collections/types.ts';
import type { DocumentInFull } from '#lib/documents/types.ts';
import { ConfinementNote } from '../access/confinement-note.tsx';
import { DocumentReaders } from '../access/document-readers.tsx';
import { DocumentRestriction } from '../access/document-restriction.tsx';
import { collectionRow } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { accessInWords, reasonInWords } from './collection-words.ts';
import { NoRightToRead } from './no-right-to-read.tsx';

export function DocumentAccess({ document }: { document: DocumentInFull }) {
  const { data: collection, error, reload } = useData(`/api/collections/${document.collectionId}`, collectionRow);
  if (error !== null) return <ErrorNote error={error} onRetry={reload} className="m-4" />;
  if (collection === undefined) return <SkeletonLines lines={3} label="Reading who has access" className="p-4" />;
  return (
    <div className="grid gap-5 px-4 py-4 text-sm">
      {document.mayRead ? <WhyOneMay document={document} collection={collection} /> : <NoRightToRead collection={collection} />}
      <ConfinementNote collectionId={collection.id} documentId={document.id} />
      {(collection.mayEdit || collection.readers !== null) && <DocumentReaders documentId={document.id} />}
      {collection.mayManage && <DocumentRestriction document={document} />}
      {collection.readers !== null && (
        <section className="grid gap-1.5">
          <h2 className="text-sm font-medium tracking-normal">Who can read {collection.name}</h2>
          <p className="text-ink-2">{accessInWords(collection)}</p>
          <Button asChild size="sm" className="mt-1 justify-self-start">
            <Link href={`/library/collections/${collection.id}?tab=access`}>{collection.mayManage ? 'Change who has access' : 'See all grants'}</Link>
          </Button>
        </section>
      )}
    </div>
  );
}

function WhyOneMay({ document, collection }: { document: DocumentInFull; collection: CollectionRow }) {
  return (
    <section className="grid gap-1.5">
      <h2 className="text-sm font-medium tracking-normal">Why you can {document.mayEdit ? 'read and change' : 'read'} it</h2>
      {document.restricted
        ? <p className="text-ink-2">It is granted by itself, to you or to a group of yours. What you may read of its collection does not count for it.</p>
        : <ThroughCollection collection={collection} />}
      <p className="text-xs text-ink-3">Your questions can use it, and what you open is recorded.</p>
    </section>
  );
}

function ThroughCollection({ collection }: { collection: CollectionRow }) {
  return (
    <>
      <p className="text-ink-2">It is in <Link href={`/library/collections/${collection.id}`} className="text-ink underline decoration-line-strong underline-offset-2 hover:decoration-ink">{collection.name}</Link>, which you can read through:</p>
      <ul className="grid gap-1">
        {collection.because.map((reason) => (
          <li key={reason} className="flex gap-2 before:text-ink-3 before:content-['–']">{reason === 'you' ? reasonInWords(reason) : `the group ${reason}`}</li>
        ))}
      </ul>
    </>
  );
}
