/** What the parts of the Ask page share: which passage is open, and how to ask. */
'use client';
import { createContext, useContext } from 'react';
import type { TurnView } from './turn-view.ts';

/** A passage: the number of the evidence of a turn (by its place in the conversation). */
export interface OpenPassage {
  turnIndex: number;
  number: number;
}

export interface AskState {
  open: OpenPassage | null;
  openPassage: (passage: OpenPassage | null) => void;
  ask: (question: string) => void;
  askAgain: (turn: TurnView) => void;
  running: boolean;
}

export const AskContext = createContext<AskState | null>(null);

export function useAsk(): AskState {
  const state = useContext(AskContext);
  if (state === null) throw new Error('useAsk outside the Ask page');
  return state;
}
