/** What a test of a provider found, sentence by sentence. */
'use client';
import { CircleCheck, CircleX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ProviderTest } from '#lib/auth/types.ts';
import { ErrorNote } from '../../primitives/error-note.tsx';

interface TestState {
  busy: boolean;
  result: ProviderTest | null;
  error: unknown;
  run: () => void;
}

/** Runs `ask` on demand and keeps what it said last. */
export function useTest(ask: () => Promise<ProviderTest>): TestState {
  const [state, setState] = useState<{ busy: boolean; result: ProviderTest | null; error: unknown }>({ busy: false, result: null, error: null });
  const run = (): void => {
    setState((before) => ({ ...before, busy: true, error: null }));
    ask().then(
      (result) => setState({ busy: false, result, error: null }),
      (error: unknown) => setState({ busy: false, result: null, error }),
    );
  };
  return { ...state, run };
}

export function Findings({ of, result, error, className }: { of: string; result: ProviderTest | null; error: unknown; className?: string }) {
  const shown = useRef<HTMLDivElement>(null);
  // The button stands below a form that scrolls: what was found must not stay out of sight.
  useEffect(() => {
    // Newer browsers answer with a promise, which must not pass for a clean-up.
    void shown.current?.scrollIntoView({ block: 'nearest' });
  }, [result, error]);
  if (error === null && result === null) return null;
  return (
    <div ref={shown} className={className}>
      {error !== null ? <ErrorNote error={error} /> : result !== null && <Sentences of={of} result={result} />}
    </div>
  );
}

function Sentences({ of, result }: { of: string; result: ProviderTest }) {
  return (
    <ul role="status" aria-label={`Test of ${of}`} className={`grid gap-1.5 rounded-lg px-3 py-2.5 text-sm ${result.works ? 'bg-ok-soft' : 'bg-bad-soft'}`}>
      {result.findings.map(({ good, sentence }) => (
        <li key={sentence} className="flex gap-2">
          {good ? <CircleCheck aria-label="Good:" className="mt-0.5 size-4 shrink-0 text-ok" /> : <CircleX aria-label="Wrong:" className="mt-0.5 size-4 shrink-0 text-bad" />}
          <span className="min-w-0 break-words">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
