/** Signing in again did not count: try once more, or go back as before. */
'use client';
import { useSignInAgain } from '../../_ui/client/use-sign-in-again.ts';
import { Button } from '../../_ui/primitives/button.tsx';
import { ErrorNote } from '../../_ui/primitives/error-note.tsx';

/** `path`: where the person came from. */
export function AgainRefused({ path }: { path: string }) {
  const { leave, busy, error } = useSignInAgain();
  return (
    <div className="grid gap-2.5">
      {error !== null && <ErrorNote error={error} />}
      <Button variant="primary" size="lg" disabled={busy} onClick={() => leave(path)}>{busy ? 'Opening the sign-in' : 'Sign in again'}</Button>
      <Button size="lg" asChild>
        <a href={path}>Go back</a>
      </Button>
    </div>
  );
}
