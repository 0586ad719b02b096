/** The head of a collection: what it is, how it stands, and what one may do with it as a whole. */
'use client';
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation.js';
import { useState } from 'react';
import type { CollectionRow } from '#lib/collections/types.ts';
import { useAct } from '../client/use-act.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Button } from '../primitives/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { StateWords } from '../primitives/state-words.tsx';
import { CollectionDialog } from './collection-dialog.tsx';
import { accessInWords, collectionInWords, collectionTone, documentsInWords } from './collection-words.ts';
import { UploadButton } from './uploads/upload-button.tsx';

interface CollectionHeaderProps {
  collection: CollectionRow;
  /** Uploading is the main thing to do on this tab. */
  uploadFirst: boolean;
  onFiles: (files: File[]) => void;
  onRemoved: () => void;
}

export function CollectionHeader({ collection, uploadFirst, onFiles, onRemoved }: CollectionHeaderProps) {
  return (
    <PageHeader
      title={<span dir="auto">{collection.name}</span>}
      description={
        <>
          {collection.description !== '' && <p dir="auto" className="break-words whitespace-pre-line">{collection.description}</p>}
          <p className="mt-1.5 flex flex-wrap items-baseline gap-x-5 gap-y-1 text-ink-3">
            <span>{documentsInWords(collection.documents)}</span>
            {collection.documents > 0 && <StateWords tone={collectionTone(collection)} moving={collection.unfinished > collection.failed}>{collectionInWords(collection)}</StateWords>}
            <span>{collection.readers === null ? `You can read it through ${accessInWords(collection)}` : `Read by ${accessInWords(collection).replace(/^N/u, 'n')}`}</span>
          </p>
        </>
      }
      actions={
        <>
          {collection.mayEdit && <UploadButton onFiles={onFiles} variant={uploadFirst ? 'primary' : 'outline'} />}
          {collection.mayManage && <CollectionMenu collection={collection} onRemoved={onRemoved} />}
        </>
      }
    />
  );
}

function CollectionMenu({ collection, onRemoved }: { collection: CollectionRow; onRemoved: () => void }) {
  const [layer, setLayer] = useState<'edit' | 'remove' | null>(null);
  const { act, busy } = useAct();
  const router = useRouter();
  const remove = async (): Promise<void> => {
    const removed = await act({
      path: `/api/collections/${collection.id}`,
      method: 'DELETE',
      done: `${collection.name} removed`,
      changes: [],
      onDone: () => {
        onRemoved();
        router.replace('/library');
      },
    });
    if (!removed) setLayer(null);
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon" aria-label="More about this collection"><MoreHorizontal /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => setLayer('edit')}><Pencil /> Edit name and description</DropdownMenuItem>
          <DropdownMenuItem danger disabled={collection.documents > 0} onSelect={() => setLayer('remove')}>
            <Trash2 /> {collection.documents > 0 ? 'Remove (delete its documents first)' : 'Remove collection'}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {layer === 'edit' && <CollectionDialog collection={collection} onClose={() => setLayer(null)} />}
      <AlertDialog
        open={layer === 'remove'}
        onOpenChange={(open) => setLayer(open ? 'remove' : null)}
        title={`Remove ${collection.name}?`}
        description="It is empty. Its grants end with it, and its name becomes free. The audit log keeps what was done with it."
        action="Remove collection"
        busy={busy}
        onConfirm={() => void remove()}
      />
    </>
  );
}
