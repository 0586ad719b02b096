/** Revokes an API key after asking once: programs that use it stop working, and it cannot be taken back. */
'use client';
import { useState } from 'react';
import type { KeyRow } from '#lib/keys/types.ts';
import { useAct } from '../client/use-act.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Button } from '../primitives/button.tsx';

/** `owner`: whose it is, where that is somebody else. */
export function RevokeKey({ item, owner, changes }: { item: KeyRow; owner?: string; changes: string[] }) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  const revoke = async (): Promise<void> => {
    await act({ path: `/api/keys/${item.id}`, method: 'DELETE', done: `${item.name} revoked`, changes });
    setAsking(false);
  };
  return (
    <>
      <Button aria-label={`Revoke ${item.name}${owner === undefined ? '' : ` of ${owner}`}`} disabled={busy} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${item.name}?`}
        description={`The program that uses it${owner === undefined ? '' : ` for ${owner}`} is refused from its next request on. A revoked key cannot be brought back; a new one can be made.`}
        action="Revoke key"
        busy={busy}
        onConfirm={() => void revoke()}
      />
    </>
  );
}
