/** Asks once before something that cannot be undone. Says what will be lost; the safe choice has the focus. */
'use client';
import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { scrimLook, sheetOfPaper } from './dialog.tsx';

interface AlertDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /** The verb on the button: "Delete conversation". */
  action: string;
  onConfirm: () => void;
  busy?: boolean;
  danger?: boolean;
  children?: ReactNode;
}

export function AlertDialog({ open, onOpenChange, title, description, action, onConfirm, busy = false, danger = true, children }: AlertDialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrimLook} />
        <Radix.Content
          className={classNames(sheetOfPaper, 'fixed top-[20vh] left-1/2 z-50 w-[min(27rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden data-[state=open]:animate-enter focus:outline-none')}
        >
          <div className="px-5 py-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <Radix.Description className="mt-1.5 text-sm text-ink-2">{description}</Radix.Description>
            {children}
          </div>
          <div className="flex justify-end gap-2 border-t border-line-soft bg-panel px-5 py-3">
            <Radix.Cancel asChild>
              <Button>Cancel</Button>
            </Radix.Cancel>
            <Button variant={danger ? 'danger' : 'primary'} disabled={busy} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
