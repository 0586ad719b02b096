/** Leaving for the identity provider to sign in again, with what a button shows meanwhile. */
'use client';
import { useState } from 'react';
import { z } from 'zod';
import { request } from './fetch.ts';

const leaving = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** `leave` goes to the provider, which asks the person anew and sends them back to `path`. `error` is null until that has failed. */
export function useSignInAgain(): { leave: (path: string) => void; busy: boolean; error: unknown } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async (path: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { url } = await request('/api/auth/again', { method: 'POST', body: { callbackUrl: path }, schema: leaving });
      window.location.assign(url);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return { leave: (path) => void go(path), busy, error };
}
