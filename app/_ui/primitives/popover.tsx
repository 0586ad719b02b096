/** A small panel anchored to a button. */
'use client';
import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { floatLook } from './dropdown-menu.tsx';

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;
export const PopoverClose = Radix.Close;

export function PopoverContent({ className, sideOffset = 6, align = 'end', ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content sideOffset={sideOffset} align={align} collisionPadding={8} className={classNames(floatLook, 'w-80 max-w-[calc(100vw-1rem)] p-3 text-sm', className)} {...rest} />
    </Radix.Portal>
  );
}
