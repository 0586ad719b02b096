/** Asking, new or in a conversation: one page that stays as the address changes, so that an answer can go on arriving. */
import type { ReactNode } from 'react';
import { AskWorkspace } from '../../_ui/ask/workspace.tsx';

/** The pages below only have titles; which conversation is shown follows from the address. */
export default function AskLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <AskWorkspace />
      {children}
    </>
  );
}
