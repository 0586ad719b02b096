/** Grants access to a group or member, or changes such a grant. A change that somebody else made in between is shown, not overwritten. */
'use client';
import { useState, type FormEvent } from 'react';
import type { Grant, GrantPermission } from '#lib/collections/types.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';
import { Notice } from '../primitives/notice.tsx';
import { grantChanges, theirGrant } from './grant-conflict.ts';
import { dayOf, endOf, grantInWords } from './grant-words.ts';
import { PermissionChoice } from './permission-choice.tsx';
import { RecipientPicker, type Recipient } from './recipient-picker.tsx';

interface GrantDialogProps {
  collectionId: string;
  /** Grants this document alone. */
  documentId?: string;
  /** The grant to change; without it a new one is made. */
  grant?: Grant;
  /** Those who have a grant already cannot be chosen again. */
  granted: Grant[];
  onClose: () => void;
}

export function GrantDialog({ collectionId, documentId, grant, granted, onClose }: GrantDialogProps) {
  const [to, setTo] = useState<Recipient | null>(grant?.to ?? null);
  const [permission, setPermission] = useState<GrantPermission>(grant?.permission ?? 'read');
  const [lastDay, setLastDay] = useState(dayOf(grant?.expiresAt ?? null));
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const theirs = theirGrant(failure);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (to === null) return;
    const chosen = { permission, expiresAt: endOf(lastDay) };
    const saved = await act({
      ...(grant === undefined
        ? { path: `/api/collections/${collectionId}/grants`, method: 'POST' as const, body: { to: { kind: to.kind, id: to.id }, ...(documentId === undefined ? {} : { documentId }), ...chosen }, done: `${to.name} ${grantInWords(chosen, new Date())}` }
        : { path: `/api/grants/${grant.id}`, method: 'PATCH' as const, body: { ...chosen, revision: (theirs ?? grant).revision }, done: `${to.name} ${grantInWords(chosen, new Date())}` }),
      changes: grantChanges,
      onFailure: setFailure,
    });
    if (saved) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={grant === undefined ? (documentId === undefined ? 'Grant access' : 'Grant this document') : `Change the grant to ${grant.to.name}`}
        actions={
          <>
            <DialogClose asChild><Button>Cancel</Button></DialogClose>
            <Button variant="primary" type="submit" form="grant-form" disabled={busy || to === null}>
              {grant === undefined ? 'Grant access' : theirs === null ? 'Save' : 'Save mine over it'}
            </Button>
          </>
        }
      >
        <form id="grant-form" onSubmit={(event) => void save(event)} className="grid gap-5">
          {theirs !== null && <Conflict theirs={theirs} onTake={onClose} />}
          {failure !== null && theirs === null && <ErrorNote error={failure} />}
          {grant === undefined && <RecipientPicker value={to} onValueChange={setTo} granted={granted} documentId={documentId ?? null} />}
          <PermissionChoice value={permission} onValueChange={setPermission} />
          <Field label="Last day (optional)" hint="Access ends by itself after this day. Without one it has no end.">
            {(control) => <Input {...control} type="date" min={dayOf(new Date().toISOString())} value={lastDay} onChange={(event) => setLastDay(event.target.value)} className="w-48" />}
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Conflict({ theirs, onTake }: { theirs: Grant; onTake: () => void }) {
  return (
    <Notice tone="weak">
      <p className="font-medium">Somebody else changed this grant in the meantime. Your change was not saved; it is still below.</p>
      <p className="mt-1">{theirs.to.name} now {grantInWords(theirs, new Date())}.</p>
      <Button size="sm" className="mt-2" onClick={onTake}>Leave it as it is now</Button>
    </Notice>
  );
}
