/** The collections that one may see: filtered as one types, with words for a library that is still empty. */
'use client';
import { BookOpen, LibraryBig, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation.js';
import { useState } from 'react';
import type { CollectionRow } from '#lib/collections/types.ts';
import { collectionRow } from '../client/schemas/people.ts';
import { useList } from '../client/use-list.ts';
import { useFrame } from '../frame/frame-context.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { FilterField } from '../primitives/filter-field.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { CollectionDialog } from './collection-dialog.tsx';
import { CollectionTable } from './collection-table.tsx';
import { documentsInWords } from './collection-words.ts';

/** From how many collections on a filter is worth its room. */
const filterFrom = 6;
const unfinishedEveryMs = 4_000;

export function Collections() {
  const { rights } = useFrame();
  const [moving, setMoving] = useState(false);
  const list = useList('/api/collections', collectionRow, { everyMs: moving ? unfinishedEveryMs : null });
  const [adding, setAdding] = useState(false);
  const router = useRouter();
  const unfinished = list.items?.some((row) => row.unfinished > row.failed) ?? false;
  if (unfinished !== moving) setMoving(unfinished);
  const add = rights.admin && (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus /> New collection
    </Button>
  );
  return (
    <div className="grid gap-5">
      <PageHeader title="Library" description={describe(list.items, rights.admin)} actions={list.items !== undefined && list.items.length > 0 ? add : undefined} />
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.reload} title="The library could not be read" />}
      {list.items === undefined && list.error === null && <SkeletonLines lines={6} label="Reading the library" />}
      {list.items?.length === 0 && <NoCollections admin={rights.admin}>{add}</NoCollections>}
      {list.items !== undefined && list.items.length > 0 && <FilteredCollections rows={list.items} />}
      {adding && <CollectionDialog onClose={() => setAdding(false)} onSaved={(collection) => router.push(`/library/collections/${collection.id}`)} />}
    </div>
  );
}

function describe(rows: CollectionRow[] | undefined, admin: boolean): string {
  if (rows === undefined || rows.length === 0) return 'What can be asked about.';
  const readable = rows.filter((row) => row.mayRead);
  const documents = readable.reduce((sum, row) => sum + row.documents, 0);
  const words = `You can ask about ${documentsInWords(documents)} in ${readable.length} ${readable.length === 1 ? 'collection' : 'collections'}.`;
  return admin && readable.length < rows.length ? `${words} As an admin you manage ${rows.length}.` : words;
}

function FilteredCollections({ rows }: { rows: CollectionRow[] }) {
  const [words, setWords] = useState('');
  const sought = words.trim().toLocaleLowerCase();
  const shown = rows.filter((row) => `${row.name} ${row.description}`.toLocaleLowerCase().includes(sought));
  return (
    <div className="grid gap-3">
      {rows.length >= filterFrom && <FilterField label="Find a collection" value={words} onValueChange={setWords} className="sm:max-w-80" />}
      {shown.length > 0 && <CollectionTable rows={shown} />}
      {shown.length === 0 && (
        <EmptyState title={`No collection mentions “${words.trim()}”`} action={<Button onClick={() => setWords('')}>Show all</Button>} />
      )}
    </div>
  );
}

function NoCollections({ admin, children }: { admin: boolean; children: React.ReactNode }) {
  if (!admin) {
    return (
      <EmptyState icon={BookOpen} title="Nothing has been opened to you yet">
        Documents live in collections, and each collection says who may read it. Ask an admin, or the person who keeps the documents you need, to grant you or your group access; they appear here at once.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={LibraryBig} title="Make the first collection" action={children}>
      A collection holds documents that the same people may read, such as “People policies” or “Board papers”. Make one, upload its files, then grant it to a group. Nobody can read it before that.
    </EmptyState>
  );
}
