/** Words on hover and on focus. For what is already said elsewhere, or as a description: never the only way to learn something. */
'use client';
import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { floatContainer } from './float-container.ts';

export const TooltipProvider = Radix.Provider;

interface TooltipProps {
  /** What is shown; nothing shown when empty. */
  content: ReactNode;
  children: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** A card of several lines instead of one line of words. */
  card?: boolean;
  delayMs?: number;
}

const lineLook = 'max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-bg';
const cardLook = 'w-80 max-w-[calc(100vw-1rem)] rounded-lg border border-line bg-raised p-3 text-sm text-ink shadow-float';

export function Tooltip({ content, children, side = 'top', card = false, delayMs }: TooltipProps) {
  if (content === '' || content === null || content === undefined) return children;
  return (
    <Radix.Root {...(delayMs === undefined ? {} : { delayDuration: delayMs })}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal {...floatContainer()}>
        <Radix.Content side={side} sideOffset={6} collisionPadding={8} className={classNames('z-50 animate-enter', card ? cardLook : lineLook)}>
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
