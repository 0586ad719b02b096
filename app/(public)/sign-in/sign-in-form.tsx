/** One button for each provider. Plain forms that work without scripts; with them, a provider that is down is reported in place. */
'use client';
import { ArrowRight } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { z } from 'zod';
import type { SignInChoice } from '#lib/auth/types.ts';
import { request } from '../../_ui/client/fetch.ts';
import { Button } from '../../_ui/primitives/button.tsx';
import { ErrorNote } from '../../_ui/primitives/error-note.tsx';

interface SignInFormProps {
  choices: SignInChoice[];
  from: string;
  /** Secret of a link that makes an admin. */
  admin: string | null;
}

export function SignInForm({ choices, from, admin }: SignInFormProps) {
  const [opening, setOpening] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);

  const start = async (event: SubmitEvent<HTMLFormElement>, choice: SignInChoice): Promise<void> => {
    event.preventDefault();
    setOpening(choice.id);
    setError(null);
    try {
      const body = { callbackUrl: from, ...(admin === null ? {} : { admin }) };
      const { url } = await request(`/api/auth/signin/${choice.id}`, { method: 'POST', body, schema: z.object({ url: z.url({ protocol: /^https?$/ }) }) });
      window.location.assign(url);
    } catch (failure) {
      setError(failure);
      setOpening(null);
    }
  };

  return (
    <div className="grid gap-2.5">
      {error !== null && <ErrorNote error={error} />}
      {choices.map((choice, index) => (
        <form key={choice.id} method="post" action={`/api/auth/signin/${choice.id}`} onSubmit={(event) => void start(event, choice)}>
          <input type="hidden" name="callbackUrl" value={from} />
          {admin !== null && <input type="hidden" name="admin" value={admin} />}
          <Button type="submit" variant={index === 0 ? 'primary' : 'outline'} size="lg" disabled={opening !== null} className="w-full">
            <span className="truncate">{opening === choice.id ? 'Opening the sign-in' : `Continue with ${choice.name}`}</span> <ArrowRight />
          </Button>
        </form>
      ))}
    </div>
  );
}
