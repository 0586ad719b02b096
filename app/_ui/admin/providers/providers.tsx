/** The identity providers that people sign in with: which there are, adding, changing, trying and removing one. */
'use client';
import { Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ProviderRow } from '#lib/auth/types.ts';
import { providerRow } from '../../client/schemas/providers.ts';
import { useList } from '../../client/use-list.ts';
import { Button } from '../../primitives/button.tsx';
import { EmptyState } from '../../primitives/empty-state.tsx';
import { ErrorNote } from '../../primitives/error-note.tsx';
import { PageHeader } from '../../primitives/page-header.tsx';
import { SkeletonLines } from '../../primitives/skeleton.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import { ProviderItem } from './provider-item.tsx';

export function Providers({ address }: { address: string }) {
  const { items, error, reload } = useList('/api/providers', providerRow);
  const [editing, setEditing] = useState<ProviderRow | 'new' | null>(null);
  const add = (
    <Button variant="primary" onClick={() => setEditing('new')}>
      <Plus aria-hidden /> Add provider
    </Button>
  );
  return (
    <div className="max-w-[52rem]">
      <PageHeader title="Sign-in" description="Where people prove who they are. Each provider is a button on the sign-in page; Attest keeps no passwords." actions={items === undefined || items.length === 0 ? undefined : add} />
      <div className="mt-6">
        {error !== null && <ErrorNote error={error} onRetry={reload} />}
        {error === null && items === undefined && <SkeletonLines label="Loading providers" />}
        {items?.length === 0 && (
          <EmptyState icon={ShieldCheck} title="Nobody can sign in yet" action={add}>
            Add your company’s identity provider: Entra ID, Okta, Keycloak, Google, or any other with OpenID Connect or SAML.
          </EmptyState>
        )}
        {items !== undefined && items.length > 0 && (
          <ul aria-label="Identity providers" className="divide-y divide-line-soft border-y border-line-soft">
            {items.map((provider) => (
              <ProviderItem key={provider.id} provider={provider} onEdit={() => setEditing(provider)} />
            ))}
          </ul>
        )}
      </div>
      {editing !== null && <ProviderDialog address={address} {...(editing === 'new' ? {} : { provider: editing })} onClose={() => setEditing(null)} />}
    </div>
  );
}
