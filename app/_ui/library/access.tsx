/** Who may read or edit a collection, since when and until when; for admins, the changes to it. */
'use client';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { CollectionRow } from '#lib/collections/types.ts';
import { ConfinementNote } from '../access/confinement-note.tsx';
import { grant as grantSchema } from '../client/schemas/people.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { GrantTable } from './grant-table.tsx';

export function Access({ collection }: { collection: CollectionRow }) {
  const list = useList(`/api/collections/${collection.id}/grants`, grantSchema);
  const [granting, setGranting] = useState(false);
  const grantButton = collection.mayManage && (
    <Button variant="primary" onClick={() => setGranting(true)}>
      <Plus /> Grant access
    </Button>
  );
  return (
    <div className="grid gap-4">
      <ConfinementNote collectionId={collection.id} />
      {list.error !== null && <ErrorNote error={list.error} onRetry={list.reload} title="The grants could not be read" />}
      {list.items === undefined && list.error === null && <SkeletonLines lines={4} label="Reading the grants" />}
      {list.items?.length === 0 && (
        <EmptyState icon={KeyRound} title="Nobody can read this collection yet" action={grantButton}>
          Grant it to a group, to Everyone, or to single members. They can ask about its documents from their next request on.
        </EmptyState>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[64ch] text-sm text-ink-2">A grant counts from the next request of whomever it names, and stops counting as quickly. Each change is recorded.</p>
            {grantButton}
          </div>
          <GrantTable grants={list.items} manageable={collection.mayManage} />
        </>
      )}
      {granting && <GrantDialog collectionId={collection.id} granted={list.items ?? []} onClose={() => setGranting(false)} />}
    </div>
  );
}
