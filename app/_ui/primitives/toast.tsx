/** Short confirmations at the bottom right ("Conversation deleted"). Failures that need reading use ErrorNote in place instead. */
'use client';
import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

export { toast } from 'sonner';

export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      gap={8}
      style={{ fontFamily: 'inherit' }}
      // Above the tray of uploads where there is one.
      offset={{ right: 16, bottom: 'calc(16px + var(--tray-height, 0px))' }}
      mobileOffset={{ left: 16, right: 16, bottom: 'calc(64px + var(--tray-height, 0px))' }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: 'flex w-[356px] max-w-[calc(100vw-2rem)] items-center gap-2.5 rounded-lg border border-line bg-raised px-3.5 py-2.5 text-sm text-ink shadow-float',
          description: 'text-xs text-ink-2',
          actionButton: 'ml-auto rounded-md border border-line px-2 py-0.5 text-xs font-medium hover:bg-hover',
          icon: 'shrink-0 text-ink-3',
        },
      }}
    />
  );
}
