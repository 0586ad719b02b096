/**
 * One piece of data from the server. What was read before is shown at once while it is read again, so that going back
 * is instant. Kept in memory only; a sign-out reloads the page and with it empties this.
 */
'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { request } from './fetch.ts';
import { onInvalidate } from './invalidate.ts';

const rememberedMax = 60;
const remembered = new Map<string, unknown>();

function remember(path: string, value: unknown): void {
  remembered.delete(path);
  remembered.set(path, value);
  const oldest = remembered.keys().next().value;
  if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
}

export interface Data<T> {
  /** Undefined until the first answer. */
  data: T | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
  /** Shows a value before the server has confirmed it. */
  replace: (value: T) => void;
}

/** `path` null: read nothing (yet). `everyMs`: read again that often while the page is visible. */
export function useData<T>(path: string | null, schema: z.ZodType<T>, options: { everyMs?: number | null } = {}): Data<T> {
  const [state, setState] = useState<{ path: string | null; data: T | undefined; error: unknown }>({ path: null, data: undefined, error: null });
  const [round, setRound] = useState({ number: 0, unattended: false });
  const latest = useRef(schema);
  useEffect(() => {
    latest.current = schema;
  });

  useEffect(() => {
    if (path === null) return undefined;
    const aborter = new AbortController();
    request(path, { schema: latest.current, signal: aborter.signal, unattended: round.unattended }).then(
      (data) => {
        remember(path, data);
        setState({ path, data, error: null });
      },
      (error: unknown) => {
        if (!aborter.signal.aborted) setState((before) => ({ path, data: before.path === path ? before.data : undefined, error }));
      },
    );
    return () => aborter.abort();
  }, [path, round]);

  const reload = useCallback(() => setRound(({ number }) => ({ number: number + 1, unattended: false })), []);
  const repeat = useCallback(() => setRound(({ number }) => ({ number: number + 1, unattended: true })), []);
  useEffect(() => onInvalidate((changed) => path?.startsWith(changed) && reload()), [path, reload]);
  useRepeat(options.everyMs ?? null, repeat);

  const current = state.path === path;
  const known = path === null || current ? undefined : latest.current.safeParse(remembered.get(path)).data;
  return {
    data: path === null ? undefined : current ? state.data : known,
    error: current ? state.error : null,
    loading: path !== null && !current,
    reload,
    replace: (data) => setState({ path, data, error: null }),
  };
}

/** Calls `act` every `everyMs` while the page can be seen. */
function useRepeat(everyMs: number | null, act: () => void): void {
  useEffect(() => {
    if (everyMs === null) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && act(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, act]);
}
