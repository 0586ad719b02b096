/** Shown over the page when an act was refused because it takes a sign-in of the last ten minutes. Nothing was done; the person comes back here. */
'use client';
import { useEffect, useState } from 'react';
import { onSignInAgain } from '../client/sign-in-again.ts';
import { useSignInAgain } from '../client/use-sign-in-again.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';

export function SignInAgainDialog() {
  const [open, setOpen] = useState(false);
  const { leave, busy, error } = useSignInAgain();
  useEffect(() => onSignInAgain(() => setOpen(true)), []);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogContent
        title="Sign in again for this"
        description="It takes a sign-in of the last ten minutes, so that a window left open is not enough. Nothing was changed. You come back to this page; then do it again."
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Not now</Button>
            <Button variant="primary" disabled={busy} onClick={() => leave(`${window.location.pathname}${window.location.search}`)}>
              {busy ? 'Opening the sign-in' : 'Sign in again'}
            </Button>
          </>
        }
      >
        {error === null ? null : <ErrorNote error={error} />}
      </DialogContent>
    </Dialog>
  );
}
