/** Measures the steps of an answer, for "How was this answered?" and for the record. */
import type { Method } from './events.ts';

type StepName = Method['steps'][number]['name'];

export interface Stopwatch {
  readonly steps: Method['steps'];
  /** Ends a step that began at the end of the one before (or at `since`), and returns its length in milliseconds. */
  lap: (name: StepName, since?: number) => number;
}

export function startStopwatch(): Stopwatch {
  const steps: Method['steps'] = [];
  let last = performance.now();
  return {
    steps,
    lap(name, since = last) {
      const now = performance.now();
      const ms = Math.round((now - since) * 10) / 10;
      steps.push({ name, ms });
      last = now;
      return ms;
    },
  };
}
