/** What one may do with a document: in its row, and at the head of its own page. */
'use client';
import { Download, FileUp, FolderOpen, MoreHorizontal, Pencil, RotateCw, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation.js';
import { useRef, useState, type ChangeEvent } from 'react';
import type { DocumentRow } from '#lib/documents/types.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { DeleteDocument } from './delete-document.tsx';
import { fileAddress } from './document-address.ts';
import { RenameDocument } from './rename-document.tsx';
import { useAddFiles, useUploadLimits } from './uploads/upload-context.ts';

interface DocumentMenuProps {
  document: DocumentRow;
  /** On the document's own page: it is open already, and leaves when it is deleted. */
  onPage?: boolean;
  onDeleted?: () => void;
}

export function DocumentMenu({ document, onPage = false, onDeleted }: DocumentMenuProps) {
  const [layer, setLayer] = useState<'rename' | 'delete' | null>(null);
  const { extensions } = useUploadLimits();
  const chooser = useRef<HTMLInputElement>(null);
  const addFiles = useAddFiles();
  const router = useRouter();
  const { act } = useAct();
  const { id, version, mayEdit } = document;
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    addFiles(files, { kind: 'document', id, name: document.title });
  };
  const retry = () =>
    act({ path: `/api/documents/${id}/versions/${version.id}/retry`, method: 'POST', done: `${document.title} is read again`, changes: ['/api/collections', `/api/documents/${id}`] });
  if (onPage && !mayEdit) return null;
  return (
    <div className="relative">
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon" aria-label={`More about ${document.title}`}><MoreHorizontal /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {!onPage && <DropdownMenuItem onSelect={() => router.push(`/library/documents/${id}`)}><FolderOpen /> Open</DropdownMenuItem>}
          {!onPage && document.mayRead && (
            <DropdownMenuItem asChild><a href={fileAddress(id, version.id, true)} download><Download /> Download</a></DropdownMenuItem>
          )}
          {mayEdit && (
            <>
              {!onPage && <DropdownMenuSeparator />}
              {version.state === 'failed' && <DropdownMenuItem onSelect={() => void retry()}><RotateCw /> Read it again</DropdownMenuItem>}
              <DropdownMenuItem onSelect={() => chooser.current?.click()}><FileUp /> Upload new version</DropdownMenuItem>
              <DropdownMenuItem onSelect={() => setLayer('rename')}><Pencil /> Rename</DropdownMenuItem>
              <DropdownMenuItem danger onSelect={() => setLayer('delete')}><Trash2 /> Delete</DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <input ref={chooser} type="file" accept={extensions.join(',')} onChange={choose} className="hidden" tabIndex={-1} aria-label={`New version of ${document.title}`} />
      {layer === 'rename' && <RenameDocument document={document} onClose={() => setLayer(null)} />}
      <DeleteDocument document={document} open={layer === 'delete'} onOpenChange={(open) => setLayer(open ? 'delete' : null)} {...(onDeleted === undefined ? {} : { onDeleted })} />
    </div>
  );
}
