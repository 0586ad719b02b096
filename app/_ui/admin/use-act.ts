/** Does one thing on the server, says so in a toast, and has the lists it changed read again. */
'use client';
import { useCallback, useState } from 'react';
import { request } from '../client/fetch.ts';
import { invalidate } from '../client/invalidate.ts';
import { describeFailure } from '../client/problem.ts';
import { toast } from '../primitives/toast.tsx';

export interface Act {
  path: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** What to say when it is done: "Group added". */
  done: string;
  /** Paths whose data changed. */
  changes: string[];
}

/** `act` resolves to whether it was done; a failure is shown in words and nothing is changed. */
export function useAct(): { act: (what: Act) => Promise<boolean>; busy: boolean } {
  const [busy, setBusy] = useState(false);
  const act = useCallback(async ({ path, method, body, done, changes }: Act) => {
    setBusy(true);
    try {
      await request(path, { method, ...(body === undefined ? {} : { body }) });
      toast.success(done);
      return true;
    } catch (error) {
      toast.error(describeFailure(error).detail);
      return false;
    } finally {
      setBusy(false);
      changes.forEach(invalidate);
    }
  }, []);
  return { act, busy };
}
