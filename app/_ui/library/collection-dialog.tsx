/** Makes a collection, or changes its name and description. What somebody else saved in between is shown beside what one typed. */
'use client';
import { useState, type FormEvent } from 'react';
import { z } from 'zod';
import type { CollectionRow } from '#lib/collections/types.ts';
import { isProblem } from '../client/problem.ts';
import { collectionRow } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';
import { Notice } from '../primitives/notice.tsx';
import { Textarea } from '../primitives/textarea.tsx';

const nameMax = 120;
const descriptionMax = 1000;
const current = z.object({ current: z.object({ name: z.string(), description: z.string(), revision: z.number() }) });

interface CollectionDialogProps {
  /** The collection to change; without it a new one is made. */
  collection?: CollectionRow;
  onClose: () => void;
  onSaved?: (collection: CollectionRow) => void;
}

export function CollectionDialog({ collection, onClose, onSaved }: CollectionDialogProps) {
  const [name, setName] = useState(collection?.name ?? '');
  const [description, setDescription] = useState(collection?.description ?? '');
  const [revision, setRevision] = useState(collection?.revision ?? 0);
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const theirs = isProblem(failure, 'edit-conflict') ? (current.safeParse(failure.data).data?.current ?? null) : null;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const typed = { name: name.trim(), description: description.trim() };
    const saved = await act({
      ...(collection === undefined
        ? { path: '/api/collections', method: 'POST' as const, body: typed, done: `${typed.name} added` }
        : { path: `/api/collections/${collection.id}`, method: 'PATCH' as const, body: { ...typed, revision: theirs?.revision ?? revision }, done: 'Collection saved' }),
      changes: ['/api/collections'],
      schema: collectionRow,
      onDone: (row) => onSaved?.(row),
      onFailure: setFailure,
    });
    if (saved) onClose();
  };
  const takeTheirs = (): void => {
    if (theirs === null) return;
    setName(theirs.name);
    setDescription(theirs.description);
    setRevision(theirs.revision);
    setFailure(null);
  };
  const taken = isProblem(failure, 'already-exists') ? failure.detail : null;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={collection === undefined ? 'New collection' : 'Edit collection'}
        {...(collection === undefined ? { description: 'It is empty and nobody can read it until you upload files and grant access.' } : {})}
        actions={
          <>
            <DialogClose asChild><Button>Cancel</Button></DialogClose>
            <Button variant="primary" type="submit" form="collection-form" disabled={busy || name.trim() === ''}>
              {collection === undefined ? 'Add collection' : theirs === null ? 'Save' : 'Save mine over it'}
            </Button>
          </>
        }
      >
        <form id="collection-form" onSubmit={(event) => void save(event)} className="grid gap-4">
          {theirs !== null && <Conflict theirs={theirs} onTake={takeTheirs} />}
          {failure !== null && theirs === null && taken === null && <ErrorNote error={failure} />}
          <Field label="Name" problem={taken}>
            {(control) => <Input {...control} dir="auto" autoFocus required maxLength={nameMax} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label="Description" hint="What is in it and for whom, in a sentence or two.">
            {(control) => <Textarea {...control} dir="auto" maxLength={descriptionMax} value={description} onChange={(event) => setDescription(event.target.value)} />}
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Conflict({ theirs, onTake }: { theirs: { name: string; description: string }; onTake: () => void }) {
  return (
    <Notice tone="weak">
      <p className="font-medium">Somebody else changed this collection in the meantime. Your change was not saved; it is still below.</p>
      <dl className="mt-2 grid grid-cols-[6.5rem_1fr] gap-y-1">
        <dt className="text-ink-2">Name is now</dt>
        <dd dir="auto" className="break-words">{theirs.name}</dd>
        <dt className="text-ink-2">Description</dt>
        <dd dir="auto" className="break-words">{theirs.description === '' ? 'none' : theirs.description}</dd>
      </dl>
      <Button size="sm" className="mt-2" onClick={onTake}>Take theirs</Button>
    </Notice>
  );
}
