/** Adds an identity provider or changes one. Its settings can be tried before they are saved. */
'use client';
import { useState, type FormEvent } from 'react';
import type { ProviderRow } from '#lib/auth/types.ts';
import { request } from '../../client/fetch.ts';
import { providerTest } from '../../client/schemas/providers.ts';
import { useAct } from '../../client/use-act.ts';
import { Button } from '../../primitives/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../../primitives/dialog.tsx';
import { ErrorNote } from '../../primitives/error-note.tsx';
import { Field } from '../../primitives/field.tsx';
import { Input } from '../../primitives/input.tsx';
import { Select } from '../../primitives/select.tsx';
import { Findings, useTest } from './findings.tsx';
import { OidcFields } from './oidc-fields.tsx';
import { changeOf, creationOf, draftOf, idFrom, isComplete, settingsOf, type ProviderDraft } from './provider-draft.ts';
import { Registration } from './registration.tsx';
import { SamlFields } from './saml-fields.tsx';

const kinds = [
  { value: 'oidc', label: 'OpenID Connect', hint: 'Entra ID, Okta, Keycloak, Google ...' },
  { value: 'saml', label: 'SAML 2.0', hint: 'ADFS, Shibboleth, and where OpenID Connect is not offered' },
] as const;
const changes = ['/api/providers'];

interface ProviderDialogProps {
  address: string;
  /** The one to change; without it a new one is added. */
  provider?: ProviderRow;
  onClose: () => void;
}

export function ProviderDialog({ address, provider, onClose }: ProviderDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(provider, address));
  const [ownId, setOwnId] = useState(provider !== undefined);
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const test = useTest(() => request('/api/providers/test', { method: 'POST', body: { kind: draft.kind, settings: settingsOf(draft) }, schema: providerTest }));
  const set = (change: Partial<ProviderDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const saved = await act({
      ...(provider === undefined
        ? { path: '/api/providers', method: 'POST' as const, body: creationOf(draft), done: `${draft.name.trim()} added` }
        : { path: `/api/providers/${provider.id}`, method: 'PATCH' as const, body: changeOf(draft, provider.revision), done: `${draft.name.trim()} saved` }),
      changes,
      onFailure: setFailure,
    });
    if (saved) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={provider === undefined ? 'Add an identity provider' : `Edit ${provider.name}`}
        className="w-[min(38rem,calc(100vw-2rem))]"
        actions={
          <>
            <Button className="mr-auto" disabled={test.busy || draft.issuer.trim() === ''} onClick={test.run}>{test.busy ? 'Testing' : 'Test'}</Button>
            <DialogClose asChild><Button>Cancel</Button></DialogClose>
            <Button variant="primary" type="submit" form="provider-form" disabled={busy || !isComplete(draft)}>{provider === undefined ? 'Add provider' : 'Save'}</Button>
          </>
        }
      >
        <form id="provider-form" onSubmit={(event) => void save(event)} className="grid gap-4">
          {failure !== null && <ErrorNote error={failure} />}
          {provider === undefined && <Field label="Protocol">{(control) => <Select id={control.id} value={draft.kind} onValueChange={(kind) => set({ kind })} options={kinds} />}</Field>}
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Name" hint="What its button says: “Continue with ...”.">
              {(control) => <Input {...control} autoFocus required maxLength={60} value={draft.name} onChange={({ target }) => set({ name: target.value, ...(ownId ? {} : { id: idFrom(target.value) }) })} />}
            </Field>
            <Field label="Id" hint="Part of its addresses. It never changes.">
              {(control) => <Input {...control} required disabled={provider !== undefined} maxLength={40} pattern="[a-z][a-z0-9\-]*" className="font-mono" value={draft.id} onChange={({ target }) => { setOwnId(true); set({ id: target.value }); }} />}
            </Field>
          </div>
          {draft.kind === 'oidc' ? <OidcFields draft={draft} set={set} isNew={provider === undefined} hasSecret={provider?.hasSecret ?? false} /> : <SamlFields draft={draft} set={set} isNew={provider === undefined} />}
          <Registration draft={draft} address={address} />
          <Findings of={draft.name} {...test} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
