/** The documents of a collection: filtered as one types, in pages, and words for a collection that is still empty. */
'use client';
import { FileUp, Files } from 'lucide-react';
import { useState } from 'react';
import type { CollectionRow } from '#lib/collections/types.ts';
import { documentRow } from '../client/schemas/documents.ts';
import { useList, type List } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { FilterField } from '../primitives/filter-field.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { documentsInWords } from './collection-words.ts';
import { DocumentTable } from './document-table.tsx';
import { UploadButton } from './uploads/upload-button.tsx';
import { useSettled } from './use-settled.ts';

/** From how many documents on a filter is worth its room. */
const filterFrom = 6;
const typingMs = 150;

interface DocumentsProps {
  collection: CollectionRow;
  onFiles: (files: File[]) => void;
}

export function Documents({ collection, onFiles }: DocumentsProps) {
  const [words, setWords] = useState('');
  const sought = useSettled(words.trim(), typingMs);
  const list = useList(`/api/collections/${collection.id}/documents${sought === '' ? '' : `?q=${encodeURIComponent(sought)}`}`, documentRow);
  const filtered = sought !== '';
  const filterable = words !== '' || collection.documents >= filterFrom;
  return (
    <div className="grid gap-3">
      {filterable && <FilterField label="Find a document" value={words} onValueChange={setWords} className="sm:max-w-80" />}
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.reload} title="The documents could not be read" />}
      {list.items === undefined && list.error === null && <SkeletonLines lines={8} label="Reading the documents" />}
      {list.items?.length === 0 && !filtered && <NoDocuments collection={collection} onFiles={onFiles} />}
      {list.items?.length === 0 && filtered && (
        <EmptyState title={`No document is called “${sought}”`} action={<Button onClick={() => setWords('')}>Show all</Button>}>
          Titles and file names are searched here. To find what is inside documents, ask a question.
        </EmptyState>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <>
          <DocumentTable rows={list.items} />
          <More list={list} total={filtered ? null : collection.documents} />
        </>
      )}
    </div>
  );
}

function More({ list, total }: { list: List<unknown>; total: number | null }) {
  const shown = list.items?.length ?? 0;
  if (!list.hasMore) return null;
  return (
    <div className="flex items-center justify-center gap-3 pt-1 text-sm text-ink-3">
      <span role="status">{total === null ? `The first ${shown.toLocaleString('en')} are shown` : `${shown.toLocaleString('en')} of ${documentsInWords(total)}`}</span>
      <Button onClick={list.loadMore} disabled={list.loadingMore}>{list.loadingMore ? 'Reading' : 'Show more'}</Button>
    </div>
  );
}

function NoDocuments({ collection, onFiles }: DocumentsProps) {
  if (!collection.mayEdit) {
    return <EmptyState icon={Files} title="No documents yet">What its keepers upload here can be asked about as soon as it is read.</EmptyState>;
  }
  return (
    <EmptyState icon={FileUp} title="Drop files anywhere on this page" action={<UploadButton onFiles={onFiles} />}>
      PDF, Word, Excel, PowerPoint, Markdown, HTML, text and CSV. Each file becomes a document; it is read and can be asked about a moment later.
    </EmptyState>
  );
}
