/** A key, as printed on it. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export function Kbd({ className, ...rest }: ComponentProps<'kbd'>) {
  return (
    <kbd
      className={classNames('inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line bg-bg px-1 font-mono text-[11px] leading-none text-ink-3', className)}
      {...rest}
    />
  );
}
