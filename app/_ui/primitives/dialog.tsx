/** A dialog in the middle of the window. Escape closes it and focus returns to what opened it (Radix). */
'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

export const scrimLook = 'fixed inset-0 z-40 bg-scrim data-[state=open]:animate-enter data-[state=closed]:animate-leave';
export const sheetOfPaper = 'rounded-xl border border-line bg-raised shadow-float';

interface DialogContentProps extends Omit<ComponentProps<typeof Radix.Content>, 'title'> {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons at the bottom, the main one last. */
  actions?: ReactNode;
  /** Keeps title and description for screen readers only. */
  bare?: boolean;
}

export function DialogContent({ title, description, actions, bare = false, className, children, ...rest }: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrimLook} />
      <Radix.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className={classNames(
          sheetOfPaper,
          'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden data-[state=open]:animate-enter data-[state=closed]:animate-leave focus:outline-none',
          className,
        )}
        {...rest}
      >
        <div className={bare ? 'sr-only' : 'pt-4 pr-12 pb-4 pl-5'}>
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          {description !== undefined && <Radix.Description className="mt-1 text-sm text-ink-2">{description}</Radix.Description>}
        </div>
        {children !== null && children !== undefined && <div className={classNames('min-h-0 flex-1 overflow-y-auto', !bare && 'px-5 pb-4')}>{children}</div>}
        {actions !== undefined && <div className="flex flex-wrap justify-end gap-2 border-t border-line-soft bg-panel px-5 py-3">{actions}</div>}
        {/* Last, so that the focus begins in the content and not on the way out. */}
        {!bare && (
          <Radix.Close asChild>
            <Button variant="quiet" size="icon-sm" aria-label="Close" className="absolute top-4 right-4">
              <X />
            </Button>
          </Radix.Close>
        )}
      </Radix.Content>
    </Radix.Portal>
  );
}
