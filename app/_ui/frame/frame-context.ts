/** What every component inside the frame may know: who is signed in, their rights, and how to open the frame's own layers. */
'use client';
import { createContext, useContext } from 'react';
import type { Role } from '#lib/actor.ts';
import type { Rights } from './navigation.ts';

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
}

export type Layer = 'palette' | 'keys' | 'recent' | 'person';

export interface FrameState {
  person: Person;
  rights: Rights;
  railNarrow: boolean;
  setRailNarrow: (narrow: boolean) => void;
  /** The layer of the frame that is open, if any. */
  layer: Layer | null;
  setLayer: (layer: Layer | null) => void;
}

export const FrameContext = createContext<FrameState | null>(null);

/** Only below app/(app)/layout.tsx. */
export function useFrame(): FrameState {
  const state = useContext(FrameContext);
  if (state === null) throw new Error('useFrame outside the frame');
  return state;
}
