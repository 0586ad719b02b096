/** What an admin or reviewer is told who sees a collection without a right to read it, and how an admin gives themself one. */
'use client';
import Link from 'next/link.js';
import type { CollectionRow } from '#lib/collections/types.ts';
import { useAct } from '../client/use-act.ts';
import { useFrame } from '../frame/frame-context.ts';
import { Button } from '../primitives/button.tsx';
import { Notice } from '../primitives/notice.tsx';

export function NoRightToRead({ collection }: { collection: Pick<CollectionRow, 'id' | 'mayManage' | 'readers'> }) {
  if (!collection.mayManage) {
    return <Notice>You see that these documents exist and how they stand, because you oversee this installation. You have no right to read them or to ask about them.</Notice>;
  }
  if (collection.readers?.length === 0) {
    return (
      <Notice action={<Button asChild size="sm" className="self-start"><Link href={`/library/collections/${collection.id}?tab=access`}>Grant access</Link></Button>}>
        <p className="font-medium">Nobody can read this collection yet, you included.</p>
        <p className="text-ink-2">Upload its files, then grant it to a group or to members. They can ask about it from their next request on.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="weak" action={<GrantMyself collectionId={collection.id} />}>
      <p className="font-medium">You manage this collection but have no right to read it.</p>
      <p className="text-ink-2">You can upload, grant and delete. Opening a document or asking about it takes a grant; granting it to yourself is recorded in the audit log.</p>
    </Notice>
  );
}

export function GrantMyself({ collectionId }: { collectionId: string }) {
  const { person } = useFrame();
  const { act, busy } = useAct();
  const grant = () =>
    act({
      path: `/api/collections/${collectionId}/grants`,
      method: 'POST',
      body: { to: { kind: 'member', id: person.id }, permission: 'read' },
      done: 'You may read this collection now; the grant is recorded',
      changes: ['/api/collections', '/api/documents'],
    });
  return (
    <Button size="sm" disabled={busy} onClick={() => void grant()} className="self-start">
      Grant myself read access
    </Button>
  );
}
