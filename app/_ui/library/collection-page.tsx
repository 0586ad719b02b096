/** One collection: head, documents, access. It reads the collection once and hands it down. */
'use client';
import { FolderX } from 'lucide-react';
import Link from 'next/link.js';
import { usePathname, useRouter, useSearchParams } from 'next/navigation.js';
import { useState } from 'react';
import type { CollectionRow } from '#lib/collections/types.ts';
import { isProblem } from '../client/problem.ts';
import { collectionRow } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';
import { PageFrame } from '../frame/page-frame.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { Access } from './access.tsx';
import { CollectionHeader } from './collection-header.tsx';
import { Documents } from './documents.tsx';
import { DropArea } from './drop-area.tsx';
import { NoRightToRead } from './no-right-to-read.tsx';
import { useAddFiles } from './uploads/upload-context.ts';

export function CollectionPage({ collectionId }: { collectionId: string }) {
  const { data: collection, error, reload } = useData(`/api/collections/${collectionId}`, collectionRow);
  const missing = isProblem(error, 'not-found');
  return (
    <PageFrame crumbs={[{ label: 'Library', href: '/library' }, { label: collection?.name ?? 'Collection' }]}>
      {missing && <MissingCollection />}
      {error !== null && !missing && <ErrorNote error={error} onRetry={reload} title="The collection could not be read" className="mb-5" />}
      {collection === undefined && error === null && <SkeletonLines lines={8} label="Reading the collection" />}
      {collection !== undefined && !missing && <CollectionBody collection={collection} />}
    </PageFrame>
  );
}

function CollectionBody({ collection }: { collection: CollectionRow }) {
  const addFiles = useAddFiles();
  const [tab, setTab] = useTab();
  const [removed, setRemoved] = useState(false);
  const add = (files: File[]): void => addFiles(files, { kind: 'collection', id: collection.id, name: collection.name });
  if (removed) return null;
  return (
    <DropArea name={collection.name} allowed={collection.mayEdit} onFiles={add}>
      <CollectionHeader collection={collection} uploadFirst={tab === 'documents'} onFiles={add} onRemoved={() => setRemoved(true)} />
      {!collection.mayRead && <NoRightToRead collection={collection} />}
      {collection.readers === null ? (
        <Documents collection={collection} onFiles={add} />
      ) : (
        <Tabs value={tab} onValueChange={setTab}>
          <TabsList aria-label="Documents or access" className="-mx-4 px-4">
            <TabsTrigger value="documents">Documents</TabsTrigger>
            <TabsTrigger value="access">Access</TabsTrigger>
          </TabsList>
          <TabsContent value="documents" tabIndex={-1} className="pt-4">
            <Documents collection={collection} onFiles={add} />
          </TabsContent>
          <TabsContent value="access" tabIndex={-1} className="pt-4">
            <Access collection={collection} />
          </TabsContent>
        </Tabs>
      )}
    </DropArea>
  );
}

/** The open tab stands in the address, so that it can be linked to and survives a reload. */
function useTab(): [string, (tab: string) => void] {
  const path = usePathname();
  const router = useRouter();
  const tab = useSearchParams().get('tab') === 'access' ? 'access' : 'documents';
  return [tab, (next) => router.replace(next === 'access' ? `${path}?tab=access` : path, { scroll: false })];
}

function MissingCollection() {
  return (
    <EmptyState icon={FolderX} title="This collection is not here" heading action={<Button asChild><Link href="/library">Go to the library</Link></Button>}>
      It was removed, or it was not granted to you. If you followed a link, ask the person who sent it.
    </EmptyState>
  );
}
