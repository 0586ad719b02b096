/** Asks before a grant is removed. When somebody changed it in between, says how it stands now and asks again. */
'use client';
import { useState } from 'react';
import type { Grant } from '#lib/collections/types.ts';
import { useAct } from '../client/use-act.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Notice } from '../primitives/notice.tsx';
import { grantChanges, theirGrant } from './grant-conflict.ts';
import { grantInWords } from './grant-words.ts';

export function RemoveGrant({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const theirs = theirGrant(failure);
  const remove = async (): Promise<void> => {
    const removed = await act({
      path: `/api/grants/${grant.id}?revision=${(theirs ?? grant).revision}`,
      method: 'DELETE',
      done: `Grant to ${grant.to.name} removed`,
      changes: grantChanges,
      onFailure: setFailure,
    });
    if (removed) onClose();
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove the grant to ${grant.to.name}?`}
      description={`${grant.to.kind === 'group' ? 'Its members lose' : 'They lose'} what they could read only through it, at their next request. Answers that rest on it are withheld from them.`}
      action={theirs === null ? 'Remove grant' : 'Remove it all the same'}
      busy={busy}
      onConfirm={() => void remove()}
    >
      {theirs !== null && (
        <Notice tone="weak" className="mt-3">
          Somebody else changed this grant in the meantime. It was not removed. {theirs.to.name} now {grantInWords(theirs, new Date())}.
        </Notice>
      )}
      {failure !== null && theirs === null && <ErrorNote error={failure} className="mt-3" />}
    </AlertDialog>
  );
}
