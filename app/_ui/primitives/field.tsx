/** A label, a control, and under it a hint or what is wrong, tied together for screen readers. */
'use client';
import { useId, type ReactNode } from 'react';

interface ControlProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

/** `children` receives the attributes that the control must carry. */
export function Field({ label, hint, problem, children }: { label: string; hint?: string; problem?: string | null; children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const note = problem ?? hint;
  const control: ControlProps = { id, ...(note === undefined ? {} : { 'aria-describedby': `${id}-note` }), ...(problem ? { 'aria-invalid': true } : {}) };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children(control)}
      {note !== undefined && (
        <p id={`${id}-note`} className={problem ? 'text-xs text-bad' : 'text-xs text-ink-3'}>
          {note}
        </p>
      )}
    </div>
  );
}
