/** To read, or to read and edit. */
'use client';
import { useId } from 'react';
import type { GrantPermission } from '#lib/collections/types.ts';
import { permissionWords } from './grant-words.ts';

const hints: Record<GrantPermission, string> = {
  read: 'Find its documents, open them and ask about them.',
  edit: 'Also upload, rename and delete documents.',
};
const permissions = ['read', 'edit'] as const;

export function PermissionChoice({ value, onValueChange }: { value: GrantPermission; onValueChange: (value: GrantPermission) => void }) {
  const name = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">Permission</legend>
      {permissions.map((permission) => (
        <label key={permission} className="flex cursor-pointer items-start gap-2.5 rounded-lg border border-line px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <input type="radio" name={name} value={permission} checked={value === permission} onChange={() => onValueChange(permission)} className="mt-[3px] size-3.5 accent-accent outline-none" />
          <span>
            <span className="block font-medium">{permissionWords[permission]}</span>
            <span className="block text-xs text-ink-2">{hints[permission]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
