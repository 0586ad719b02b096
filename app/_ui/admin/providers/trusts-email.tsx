/** Whether addresses of a provider that does not say so count as verified, with what that means. */
'use client';
import { useId } from 'react';
import { Checkbox } from '../../primitives/checkbox.tsx';
import type { FieldsProps } from './oidc-fields.tsx';

export function TrustsEmail({ draft, set }: Pick<FieldsProps, 'draft' | 'set'>) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <Checkbox id={id} aria-describedby={`${id}-note`} checked={draft.trustsEmail} onCheckedChange={(checked) => set({ trustsEmail: checked === true })} className="mt-0.5" />
      <div className="text-sm">
        <label htmlFor={id} className="font-medium">Take its e-mail addresses as verified</label>
        <p id={`${id}-note`} className="mt-0.5 text-xs text-pretty text-ink-3">
          For a provider that does not say whether they are, and where only your own admins give them out: Entra ID with one tenant, SAML. Members who were added in advance are then met by their address.
        </p>
      </div>
    </div>
  );
}
