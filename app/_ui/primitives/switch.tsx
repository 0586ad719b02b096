/** On or off, at once. */
'use client';
import { Switch as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root className={classNames('hit inline-flex h-[18px] w-8 shrink-0 items-center rounded-full border border-line-strong bg-hover p-px transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent', className)} {...rest}>
      <Radix.Thumb className="size-3.5 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
