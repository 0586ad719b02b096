/** Narrower access to one document: to those alone to whom it is granted itself, and the grants on it. */
'use client';
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import type { DocumentInFull } from '#lib/documents/types.ts';
import { grant as grantSchema } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { useList } from '../client/use-list.ts';
import { grantChanges } from '../library/grant-conflict.ts';
import { GrantDialog } from '../library/grant-dialog.tsx';
import { GrantTable } from '../library/grant-table.tsx';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Switch } from '../primitives/switch.tsx';

export function DocumentRestriction({ document }: { document: DocumentInFull }) {
  const list = useList(`/api/collections/${document.collectionId}/grants`, grantSchema);
  const [granting, setGranting] = useState(false);
  const own = (list.items ?? []).filter(({ documentId }) => documentId === document.id);
  return (
    <section aria-label="Narrower access" className="grid gap-3">
      <RestrictionSwitch document={document} />
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.reload} />}
      {own.length > 0 && <GrantTable grants={own} manageable />}
      <Button size="sm" className="justify-self-start" onClick={() => setGranting(true)}><Plus /> Grant this document</Button>
      {granting && <GrantDialog collectionId={document.collectionId} documentId={document.id} granted={own} onClose={() => setGranting(false)} />}
    </section>
  );
}

function RestrictionSwitch({ document }: { document: DocumentInFull }) {
  const { act, busy } = useAct();
  const id = useId();
  const change = (restricted: boolean): void =>
    void act({
      path: `/api/documents/${document.id}/restriction`,
      method: 'PUT',
      body: { restricted },
      done: restricted ? 'Only grants on the document itself count now' : 'Everybody who may read the collection may read it now',
      changes: grantChanges,
    });
  return (
    <div className="flex items-start gap-3">
      <Switch id={id} checked={document.restricted} disabled={busy} onCheckedChange={change} aria-describedby={`${id}-hint`} className="mt-0.5" />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">Only those to whom this document is granted itself</label>
        <p id={`${id}-hint`} className="text-sm text-ink-2">{document.restricted ? 'Grants on its collection do not open it.' : 'Now everybody who may read its collection may read it too.'}</p>
      </div>
    </div>
  );
}
