/** Gives a document another title. Its file keeps its name. */
'use client';
import { useState, type FormEvent } from 'react';
import type { DocumentRow } from '#lib/documents/types.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';

const titleMax = 300;

export function RenameDocument({ document, onClose }: { document: DocumentRow; onClose: () => void }) {
  const [title, setTitle] = useState(document.title);
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const saved = await act({
      path: `/api/documents/${document.id}`,
      method: 'PATCH',
      body: { title: title.trim() },
      done: 'Document renamed',
      changes: ['/api/collections', `/api/documents/${document.id}`],
      onFailure: setFailure,
    });
    if (saved) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Rename document"
        actions={
          <>
            <DialogClose asChild><Button>Cancel</Button></DialogClose>
            <Button variant="primary" type="submit" form="rename-form" disabled={busy || title.trim() === '' || title.trim() === document.title}>Rename</Button>
          </>
        }
      >
        <form id="rename-form" onSubmit={(event) => void save(event)} className="grid gap-4">
          {failure !== null && <ErrorNote error={failure} />}
          <Field label="Title" hint={`The file keeps its name, ${document.fileName}.`}>
            {(control) => <Input {...control} dir="auto" autoFocus required maxLength={titleMax} value={title} onChange={(event) => setTitle(event.target.value)} onFocus={(event) => event.target.select()} />}
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}
