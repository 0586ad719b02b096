/** A panel that slides in from an edge: the evidence on a phone, recent conversations, a form beside a table. */
'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { scrimLook } from './dialog.tsx';

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;
export const SheetClose = Radix.Close;

const sides = {
  right: 'inset-y-0 right-0 w-[min(30rem,100vw)] border-l data-[state=open]:animate-from-right',
  bottom: 'inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl border-t data-[state=open]:animate-from-bottom',
  full: 'inset-0 data-[state=open]:animate-from-bottom',
};

interface SheetContentProps {
  title: ReactNode;
  side?: keyof typeof sides;
  className?: string;
  children: ReactNode;
  footer?: ReactNode;
}

export function SheetContent({ title, side = 'right', className, children, footer }: SheetContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrimLook} />
      <Radix.Content
        aria-describedby={undefined}
        className={classNames('fixed z-50 flex flex-col border-line bg-raised shadow-float data-[state=closed]:animate-leave focus:outline-none', sides[side], className)}
      >
        <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line-soft pr-3 pl-4">
          <Radix.Title className="min-w-0 flex-1 truncate text-base font-semibold tracking-normal">{title}</Radix.Title>
          <Radix.Close asChild>
            <Button variant="quiet" size="icon" aria-label="Close">
              <X />
            </Button>
          </Radix.Close>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        {footer !== undefined && <div className="shrink-0 border-t border-line-soft bg-panel px-4 py-3">{footer}</div>}
      </Radix.Content>
    </Radix.Portal>
  );
}
