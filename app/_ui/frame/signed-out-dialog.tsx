/** Shown over the page when a request found the sign-in ended. Drafts are in session storage, so nothing typed is lost. */
'use client';
import { useEffect, useState } from 'react';
import { onSignedOut } from '../client/signed-out.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogContent } from '../primitives/dialog.tsx';

export function SignedOutDialog() {
  const [open, setOpen] = useState(false);
  useEffect(() => onSignedOut(() => setOpen(true)), []);
  const signIn = (): void => {
    const here = `${window.location.pathname}${window.location.search}`;
    window.location.assign(`/sign-in?from=${encodeURIComponent(here)}`);
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogContent
        title="Your sign-in has ended"
        description="What you typed is kept in this window. Sign in again to go on where you were."
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Not now</Button>
            <Button variant="primary" onClick={signIn}>
              Sign in again
            </Button>
          </>
        }
      />
    </Dialog>
  );
}
