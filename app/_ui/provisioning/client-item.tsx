/** One provisioning client in a list: when its token was used and ends, what its roles do; revoking it after asking once. */
'use client';
import { Workflow } from 'lucide-react';
import { useState } from 'react';
import type { ScimClientRow } from '#lib/scim/types.ts';
import { useAct } from '../client/use-act.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';

export function ClientItem({ client }: { client: ScimClientRow }) {
  const [now] = useState(() => Date.now());
  const hasEnded = Date.parse(client.expiresAt) <= now;
  return (
    <li className="flex items-center gap-3 py-3">
      <Workflow aria-hidden className="size-5 shrink-0 self-start stroke-[1.5] text-ink-3 sm:self-center" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span dir="auto" className="min-w-0 font-medium break-words">{client.name}</span>
          {client.revokedAt !== null && <Badge tone="bad">revoked</Badge>}
          {client.revokedAt === null && hasEnded && <Badge tone="weak">ended</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
          <span>{client.lastUsedAt === null ? 'Never used' : <>Last used <TimeAgo at={client.lastUsedAt} focusable /></>}</span>
          <span>{client.revokedAt !== null ? <>Revoked <TimeAgo at={client.revokedAt} focusable /></> : <>{hasEnded ? 'Ended' : 'Ends'} <TimeAgo at={client.expiresAt} focusable /></>}</span>
          <span className="break-words">{client.adminRole === null ? 'Roles are ignored' : `The role “${client.adminRole}” makes an admin`}</span>
        </p>
      </div>
      {client.revokedAt === null && <RevokeClient client={client} />}
    </li>
  );
}

function RevokeClient({ client }: { client: ScimClientRow }) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  const revoke = async (): Promise<void> => {
    await act({ path: `/api/scim-clients/${client.id}`, method: 'DELETE', done: `${client.name} revoked`, changes: ['/api/scim-clients'] });
    setAsking(false);
  };
  return (
    <>
      <Button aria-label={`Revoke ${client.name}`} disabled={busy} onClick={() => setAsking(true)}>Revoke</Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${client.name}?`}
        description="The directory is refused from its next request on. Members and groups that it wrote stay as they are; from then on nobody who leaves there loses access here. A revoked token cannot be brought back; a new client can be made."
        action="Revoke client"
        busy={busy}
        onConfirm={() => void revoke()}
      />
    </>
  );
}
