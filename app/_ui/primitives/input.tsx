/** A single-line field. Its border is strong enough to be seen as a field (3:1) and turns to the accent on focus. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export const fieldLook =
  'w-full rounded-lg border border-line-strong/70 bg-raised px-2.5 text-sm text-ink placeholder:text-ink-3 transition-colors hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent/35 disabled:opacity-60 aria-invalid:border-bad-line';

export function Input({ className, type, ...rest }: ComponentProps<'input'>) {
  return <input type={type ?? 'text'} className={classNames(fieldLook, 'h-8', className)} {...rest} />;
}
