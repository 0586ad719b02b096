/** What every page needs around it: the theme, one clock for tooltips, and the place where toasts appear. */
'use client';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { Toaster } from '../primitives/toast.tsx';
import { TooltipProvider } from '../primitives/tooltip.tsx';

/** `nonce` is the content security policy's, for the one script that sets the theme before the first paint. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange {...(nonce === undefined ? {} : { nonce })}>
      <TooltipProvider delayDuration={250} skipDelayDuration={200}>
        {children}
        <Toaster />
      </TooltipProvider>
    </ThemeProvider>
  );
}
