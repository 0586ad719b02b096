/** Does one thing on the server, says so in a toast, and has the lists it changed read again. */
'use client';
import { useCallback, useState } from 'react';
import type { z } from 'zod';
import { toast } from '../primitives/toast.tsx';
import { request } from './fetch.ts';
import { invalidate } from './invalidate.ts';
import { describeFailure, isProblem } from './problem.ts';
import { ProposedInstead } from './proposed.ts';
import { signInAgainCode } from './sign-in-again.ts';

export interface Act<Answer = void> {
  path: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** What to say when it is done: "Group added". */
  done: string;
  /** Paths whose data changed. */
  changes: string[];
  /** What a good answer looks like, where `onDone` reads it. */
  schema?: z.ZodType<Answer>;
  onDone?: (answer: Answer) => void;
  /** Takes the failure instead of a toast, for forms that show it in place. */
  onFailure?: (error: unknown) => void;
}

/** `act` resolves to whether it was done, or proposed where it takes a second admin; a failure is shown in words and nothing is changed. */
export function useAct(): { act: <Answer = void>(what: Act<Answer>) => Promise<boolean>; busy: boolean } {
  const [busy, setBusy] = useState(false);
  const act = useCallback(async <Answer = void>(what: Act<Answer>): Promise<boolean> => {
    setBusy(true);
    try {
      const { path, method, body, schema } = what;
      const answer = await request(path, { method, ...(body === undefined ? {} : { body }), ...(schema === undefined ? {} : { schema }) });
      toast.success(what.done);
      what.onDone?.(answer);
      return true;
    } catch (error) {
      if (error instanceof ProposedInstead) {
        toast.info(error.message);
        invalidate('/api/proposals');
        return true;
      }
      if (what.onFailure !== undefined) what.onFailure(error);
      // The frame says so, with the way out.
      else if (!isProblem(error, signInAgainCode)) toast.error(describeFailure(error).detail);
      return false;
    } finally {
      setBusy(false);
      what.changes.forEach(invalidate);
    }
  }, []);
  return { act, busy };
}
