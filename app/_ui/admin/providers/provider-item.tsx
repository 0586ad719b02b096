/** One identity provider in the list: what it is, whether it is on, how many people it brings, and what can be done with it. */
'use client';
import { KeyRound, MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { ProviderRow } from '#lib/auth/types.ts';
import { providerTest } from '../../client/schemas/providers.ts';
import { request } from '../../client/fetch.ts';
import { useAct } from '../../client/use-act.ts';
import { AlertDialog } from '../../primitives/alert-dialog.tsx';
import { Badge } from '../../primitives/badge.tsx';
import { Button } from '../../primitives/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from '../../primitives/dropdown-menu.tsx';
import { Findings, useTest } from './findings.tsx';

const changes = ['/api/providers'];
export const kindWords = { oidc: 'OpenID Connect', saml: 'SAML' } as const;

export function ProviderItem({ provider, onEdit }: { provider: ProviderRow; onEdit: () => void }) {
  const test = useTest(() => request('/api/providers/test', { method: 'POST', body: { kind: provider.kind, settings: provider.settings }, schema: providerTest }));
  const people = provider.accounts === 0 ? 'nobody has signed in with it yet' : provider.accounts === 1 ? '1 person signs in with it' : `${provider.accounts.toLocaleString('en')} people sign in with it`;
  return (
    <li className="py-3">
      <div className="flex items-center gap-3">
        <KeyRound aria-hidden className="size-5 shrink-0 self-start stroke-[1.5] text-ink-3 sm:self-center" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span dir="auto" className="min-w-0 font-medium break-words">{provider.name}</span>
            <Badge tone="outline" shape="pill">{kindWords[provider.kind]}</Badge>
            {!provider.enabled && <Badge tone="weak">off</Badge>}
            {provider.from === 'environment' && <Badge>set by variables</Badge>}
          </p>
          <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
            <span className="min-w-0 break-all">{provider.settings.issuer}</span>
            <span>{people}</span>
          </p>
        </div>
        <Button disabled={test.busy} onClick={test.run} aria-label={`Test ${provider.name}`}>{test.busy ? 'Testing' : 'Test'}</Button>
        {provider.from === 'page' && <ProviderMenu provider={provider} onEdit={onEdit} />}
      </div>
      <Findings of={provider.name} {...test} className="mt-3 sm:ml-8" />
    </li>
  );
}

function ProviderMenu({ provider, onEdit }: { provider: ProviderRow; onEdit: () => void }) {
  const [asking, setAsking] = useState<'off' | 'remove' | null>(null);
  const { act } = useAct();
  const path = `/api/providers/${provider.id}`;
  const turn = (enabled: boolean): void => {
    setAsking(null);
    void act({ path, method: 'PATCH', body: { revision: provider.revision, enabled }, done: `${provider.name} is ${enabled ? 'on' : 'off'}`, changes });
  };
  const remove = (): void => {
    setAsking(null);
    void act({ path, method: 'DELETE', done: `${provider.name} removed`, changes });
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon" aria-label={`Change ${provider.name}`}><MoreHorizontal /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={onEdit}>Edit</DropdownMenuItem>
          {provider.enabled ? <DropdownMenuItem onSelect={() => setAsking('off')}>Switch off</DropdownMenuItem> : <DropdownMenuItem onSelect={() => turn(true)}>Switch on</DropdownMenuItem>}
          <DropdownMenuSeparator />
          <DropdownMenuItem danger onSelect={() => setAsking('remove')}>Remove</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <AlertDialog
        open={asking === 'off'}
        onOpenChange={(open) => !open && setAsking(null)}
        title={`Switch ${provider.name} off?`}
        description="Nobody can sign in with it, and whoever has done so is signed out at once. Its members and their accounts stay."
        action="Switch off"
        onConfirm={() => turn(false)}
      />
      <AlertDialog
        open={asking === 'remove'}
        onOpenChange={(open) => !open && setAsking(null)}
        title={`Remove ${provider.name}?`}
        description="Whoever signed in with it is signed out at once, and their accounts there are forgotten. The members stay; they can sign in with another provider that vouches for their e-mail address."
        action="Remove provider"
        onConfirm={remove}
      />
    </>
  );
}
