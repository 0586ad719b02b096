/** The one button. A plain form that works without scripts; with them, a provider that is down is reported in place. */
'use client';
import { ArrowRight } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { z } from 'zod';
import type { SignInChoice } from '#lib/auth/types.ts';
import { request } from '../../_ui/client/fetch.ts';
import { Button } from '../../_ui/primitives/button.tsx';
import { ErrorNote } from '../../_ui/primitives/error-note.tsx';

export function SignInForm({ choice, from }: { choice: SignInChoice; from: string }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const action = `/api/auth/signin/${choice.id}`;

  const start = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { url } = await request(action, { method: 'POST', body: { callbackUrl: from }, schema: z.object({ url: z.url({ protocol: /^https?$/ }) }) });
      window.location.assign(url);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <form method="post" action={action} onSubmit={(event) => void start(event)} className="grid gap-3">
      <input type="hidden" name="callbackUrl" value={from} />
      {error !== null && <ErrorNote error={error} />}
      <Button type="submit" variant="primary" size="lg" disabled={busy} className="w-full">
        {busy ? 'Opening the sign-in' : `Continue with ${choice.name}`} <ArrowRight />
      </Button>
    </form>
  );
}
