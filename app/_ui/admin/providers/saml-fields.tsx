/** The settings of a provider that speaks SAML 2.0. */
'use client';
import { Field } from '../../primitives/field.tsx';
import { Input } from '../../primitives/input.tsx';
import { Textarea } from '../../primitives/textarea.tsx';
import type { FieldsProps } from './oidc-fields.tsx';
import { TrustsEmail } from './trusts-email.tsx';

export function SamlFields({ draft, set, isNew }: FieldsProps) {
  return (
    <>
      <Field label="Entity id of the provider" hint={isNew ? 'The entityID in its metadata.' : 'It stays as it is, because people’s accounts belong to it.'}>
        {(control) => <Input {...control} required disabled={!isNew} spellCheck={false} value={draft.issuer} onChange={({ target }) => set({ issuer: target.value })} />}
      </Field>
      <Field label="Sign-in address" hint="Its SingleSignOnService with the HTTP-Redirect binding.">
        {(control) => <Input {...control} required inputMode="url" spellCheck={false} value={draft.entryPoint} onChange={({ target }) => set({ entryPoint: target.value })} />}
      </Field>
      <Field label="Signing certificate" hint="PEM. Two, one after the other, while the provider changes its key.">
        {(control) => <Textarea {...control} required spellCheck={false} className="min-h-28 font-mono text-xs" value={draft.certificate} onChange={({ target }) => set({ certificate: target.value })} />}
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Our entity id" hint="The audience of its assertions.">{(control) => <Input {...control} required spellCheck={false} value={draft.audience} onChange={({ target }) => set({ audience: target.value })} />}</Field>
        <Field label="Groups attribute">{(control) => <Input {...control} required spellCheck={false} value={draft.groupsAttribute} onChange={({ target }) => set({ groupsAttribute: target.value })} />}</Field>
        <Field label="E-mail attribute">{(control) => <Input {...control} required spellCheck={false} value={draft.emailAttribute} onChange={({ target }) => set({ emailAttribute: target.value })} />}</Field>
        <Field label="Name attribute">{(control) => <Input {...control} required spellCheck={false} value={draft.nameAttribute} onChange={({ target }) => set({ nameAttribute: target.value })} />}</Field>
      </div>
      <TrustsEmail draft={draft} set={set} />
    </>
  );
}
