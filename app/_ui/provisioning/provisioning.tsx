/** Directories that write members and groups: where they reach Attest, which there are, making and revoking one. */
'use client';
import { Plus, Workflow } from 'lucide-react';
import { useState } from 'react';
import type { ScimClientRow } from '#lib/scim/types.ts';
import { scimClientRow } from '../client/schemas/provisioning.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ClientItem } from './client-item.tsx';
import { CopyLine } from './copy-line.tsx';
import { NewClient } from './new-client.tsx';

export function Provisioning({ address }: { address: string }) {
  const { items, error, reload } = useList('/api/scim-clients', scimClientRow);
  const [making, setMaking] = useState(false);
  const working = items?.filter((client) => client.revokedAt === null);
  const revoked = items?.filter((client) => client.revokedAt !== null) ?? [];
  const make = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden /> New client
    </Button>
  );
  return (
    <div className="max-w-[46rem]">
      <PageHeader
        title="Provisioning"
        description="Your directory can keep members and groups here up to date by SCIM 2.0: who joins, who changes teams, and who leaves and loses access at once. It sees no document and no question."
        actions={working === undefined || working.length === 0 ? undefined : make}
      />
      <section aria-labelledby="provisioning-address" className="mt-6">
        <h2 id="provisioning-address" className="text-sm font-medium">Address for the directory</h2>
        <p className="mt-0.5 text-sm text-ink-2">Called tenant URL by Entra ID and base URL by Okta.</p>
        <CopyLine label="address" text={address} className="mt-2" />
      </section>
      <section aria-labelledby="provisioning-clients" className="mt-8">
        <h2 id="provisioning-clients" className="text-base font-semibold">Clients</h2>
        <div className="mt-2">
          {error !== null && <ErrorNote error={error} onRetry={reload} />}
          {error === null && working === undefined && <SkeletonLines label="Loading the clients" />}
          {working?.length === 0 && (
            <EmptyState icon={Workflow} title="No directory provisions yet" action={make}>
              Until one does, people become members when they first sign in.
            </EmptyState>
          )}
          {working !== undefined && working.length > 0 && <ClientList label="Clients" clients={working} />}
          {revoked.length > 0 && (
            <details className="mt-6">
              <summary className="cursor-default rounded-md text-sm text-ink-2 hover:text-ink">Revoked clients ({revoked.length})</summary>
              <ClientList label="Revoked clients" clients={revoked} />
            </details>
          )}
        </div>
      </section>
      {making && <NewClient address={address} onClose={() => setMaking(false)} />}
    </div>
  );
}

function ClientList({ label, clients }: { label: string; clients: ScimClientRow[] }) {
  return (
    <ul aria-label={label} className="mt-2 divide-y divide-line-soft border-y border-line-soft">
      {clients.map((client) => (
        <ClientItem key={client.id} client={client} />
      ))}
    </ul>
  );
}
