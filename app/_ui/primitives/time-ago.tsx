/**
 * A time, relative, with the exact moment on hover and focus. The server prints the date, which is the same in every
 * zone of a day; the browser replaces it after hydration, and again each minute.
 */
'use client';
import { useSyncExternalStore } from 'react';
import { Tooltip } from './tooltip.tsx';
import { exactTime, relativeTime } from './relative-time.ts';

const tickMs = 60_000;
const listeners = new Set<() => void>();
let minute = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    minute += 1;
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Counts minutes; -1 on the server and while hydrating. */
function useMinute(): number {
  return useSyncExternalStore(subscribe, () => minute, () => -1);
}

/** `focusable` where the exact time matters and nothing around it can be focused. */
export function TimeAgo({ at, focusable = false, className }: { at: string; focusable?: boolean; className?: string }) {
  const hydrated = useMinute() >= 0;
  const date = new Date(at);
  if (!hydrated) {
    return (
      <time dateTime={at} className={className}>
        {at.slice(0, 10)}
      </time>
    );
  }
  return (
    <Tooltip content={exactTime(date)}>
      <time dateTime={at} className={className} {...(focusable ? { tabIndex: 0 } : {})}>
        {relativeTime(date, new Date())}
      </time>
    </Tooltip>
  );
}
