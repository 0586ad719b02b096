/** What a loaded model offers, whichever role it serves. Types only. */
import type { ModelFacts } from '../model-facts.ts';
import type { ModelRole } from '../types.ts';

/** A file that passed every check and may be loaded. */
export type Loadable = Readonly<{
  id: string;
  file: string;
  path: string;
  bytes: number;
  sha256: string;
  facts: ModelFacts;
  /** Its hash is registered or an admin chose it: only then is its own chat template run. */
  trusted: boolean;
}>;

/** The machine as far as a model needs to know it. */
export type Machine = Readonly<{
  /** Threads in all, over every context. */
  threads: number;
  /** Threads that may work on one context together. */
  teamThreads: number;
  memoryBytes: number;
}>;

export interface Serving {
  readonly role: ModelRole;
  readonly source: Loadable;
  readonly contextTokens: number;
  readonly dimensions: number | null;
  readonly compute: string;
  readonly load: { active: number; waiting: number; waitingMax: number };
  /** Takes no new work, finishes what it accepted, then frees the memory. */
  retire(): Promise<void>;
}
