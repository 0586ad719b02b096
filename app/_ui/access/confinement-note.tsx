/** Says that a collection or document is confined to a sensitive group, and lets an admin propose to release it. */
'use client';
import { ShieldHalf } from 'lucide-react';
import { useState } from 'react';
import type { Confinement } from '#lib/collections/types.ts';
import { confinements } from '../client/schemas/access.ts';
import { useAct } from '../client/use-act.ts';
import { useData } from '../client/use-data.ts';
import { useFrame } from '../frame/frame-context.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Button } from '../primitives/button.tsx';

/** Shown to admins alone; `documentId` tells of one document besides what its collection is confined to. */
export function ConfinementNote({ collectionId, documentId = null }: { collectionId: string; documentId?: string | null }) {
  const { rights } = useFrame();
  const { data } = useData(rights.admin ? `/api/collections/${collectionId}/confinements` : null, confinements);
  const found = (data?.items ?? []).filter(({ document }) => document === null || documentId === null || document.id === documentId);
  if (found.length === 0) return null;
  return (
    <div className="flex gap-2.5 rounded-lg bg-accent-soft px-3 py-2.5 text-sm">
      <ShieldHalf aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p>Confined to a sensitive group: what reaches anybody outside it waits for a second admin. Taking access away never waits.</p>
        <ul className="grid gap-1">
          {found.map((confinement) => <ConfinementItem key={confinement.id} confinement={confinement} />)}
        </ul>
      </div>
    </div>
  );
}

function ConfinementItem({ confinement }: { confinement: Confinement }) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  const name = confinement.group?.name ?? 'a group that was removed';
  const release = (): void => {
    setAsking(false);
    void act({ path: `/api/confinements/${confinement.id}`, method: 'DELETE', done: 'Proposed', changes: ['/api/proposals'] });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span dir="auto" className="min-w-0 break-words"><span className="font-medium">{name}</span>{confinement.document !== null && `, for “${confinement.document.title}”`}</span>
      <Button size="sm" disabled={busy} onClick={() => setAsking(true)}>Propose to release</Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Propose to release it from ${name}?`}
        description="Nobody gains access by that at once. Once a second admin has approved, one admin alone can grant it to anybody."
        action="Propose"
        danger={false}
        onConfirm={release}
      />
    </li>
  );
}
