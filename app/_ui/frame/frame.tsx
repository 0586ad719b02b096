/** The frame of every page behind the sign-in: rail or bottom bar, the page, and the layers that any page can call up. */
'use client';
import { useMemo, useState, type ReactNode } from 'react';
import { BottomBar } from './bottom-bar.tsx';
import { CommandPalette } from './command-palette.tsx';
import { FrameContext, type Layer, type Person } from './frame-context.ts';
import { KeysDialog } from './keys-dialog.tsx';
import type { Rights } from './navigation.ts';
import { Rail } from './rail.tsx';
import { RecentSheet } from './recent-sheet.tsx';
import { SignInAgainDialog } from './sign-in-again-dialog.tsx';
import { SignedOutDialog } from './signed-out-dialog.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const railCookie = 'attest-rail';
const yearSeconds = 365 * 86_400;

export function Frame({ person, rights, railNarrowAtFirst, children }: { person: Person; rights: Rights; railNarrowAtFirst: boolean; children: ReactNode }) {
  const [railNarrow, setNarrow] = useState(railNarrowAtFirst);
  const [layer, setLayer] = useState<Layer | null>(null);
  useShortcuts(setLayer);

  const state = useMemo(() => {
    const setRailNarrow = (narrow: boolean): void => {
      setNarrow(narrow);
      // A cookie, not local storage: the server draws the rail at its right width at once.
      document.cookie = `${railCookie}=${narrow ? 'narrow' : 'wide'}; path=/; max-age=${yearSeconds}; samesite=lax`;
    };
    return { person, rights, railNarrow, setRailNarrow, layer, setLayer };
  }, [person, rights, railNarrow, layer]);

  return (
    <FrameContext value={state}>
      <a href="#main" className="sr-only z-50 rounded-lg bg-ink px-3 py-2 text-sm text-bg focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to the page
      </a>
      <div className="flex h-dvh flex-col md:flex-row">
        <Rail />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">{children}</div>
        <BottomBar />
      </div>
      <CommandPalette />
      <KeysDialog />
      <RecentSheet />
      <SignedOutDialog />
      <SignInAgainDialog />
    </FrameContext>
  );
}
