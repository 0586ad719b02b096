/** The settings of a provider that speaks OpenID Connect. */
'use client';
import { Field } from '../../primitives/field.tsx';
import { Input } from '../../primitives/input.tsx';
import { Select } from '../../primitives/select.tsx';
import type { ProviderDraft } from './provider-draft.ts';
import { TrustsEmail } from './trusts-email.tsx';

export interface FieldsProps {
  draft: ProviderDraft;
  set: (change: Partial<ProviderDraft>) => void;
  /** The issuer can be set only once: accounts belong to it. */
  isNew: boolean;
}

const logouts = [
  { value: 'provider', label: 'here and at the provider' },
  { value: 'here', label: 'here alone' },
] as const;

export function OidcFields({ draft, set, isNew, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  return (
    <>
      <Field label="Issuer" hint={isNew ? 'As its metadata names it, such as https://login.microsoftonline.com/<tenant>/v2.0' : 'It stays as it is, because people’s accounts belong to it.'}>
        {(control) => <Input {...control} required disabled={!isNew} inputMode="url" spellCheck={false} value={draft.issuer} onChange={({ target }) => set({ issuer: target.value })} />}
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Client id">{(control) => <Input {...control} required spellCheck={false} autoComplete="off" value={draft.clientId} onChange={({ target }) => set({ clientId: target.value })} />}</Field>
        <Field label="Client secret" hint={hasSecret ? 'Kept, and shown to nobody. Type a new one to replace it.' : 'Kept sealed. None for a public client.'}>
          {(control) => <Input {...control} type="password" autoComplete="new-password" value={draft.secret} onChange={({ target }) => set({ secret: target.value })} />}
        </Field>
        <Field label="Scopes">{(control) => <Input {...control} required spellCheck={false} value={draft.scopes} onChange={({ target }) => set({ scopes: target.value })} />}</Field>
        <Field label="Groups claim" hint="Or the way to it: realm_access.roles">{(control) => <Input {...control} required spellCheck={false} value={draft.groupsClaim} onChange={({ target }) => set({ groupsClaim: target.value })} />}</Field>
      </div>
      <Field label="Signing out ends the session">{(control) => <Select id={control.id} value={draft.logout} onValueChange={(logout) => set({ logout })} options={logouts} className="sm:w-64" />}</Field>
      <TrustsEmail draft={draft} set={set} />
    </>
  );
}
