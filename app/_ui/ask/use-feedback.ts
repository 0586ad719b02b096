/** A member's verdict on an answer: shown at once, taken back when the server refuses it. */
'use client';
import { useState } from 'react';
import { request } from '../client/fetch.ts';
import { describeFailure } from '../client/problem.ts';
import { toast } from '../primitives/toast.tsx';
import type { TurnView } from './turn-view.ts';

type Feedback = TurnView['feedback'];

export function useFeedback(turn: TurnView): { feedback: Feedback; rate: (feedback: Feedback) => Promise<void> } {
  const [given, setGiven] = useState<{ feedback: Feedback } | null>(null);
  const feedback = given === null ? turn.feedback : given.feedback;
  const rate = async (next: Feedback): Promise<void> => {
    if (turn.id === null) return;
    setGiven({ feedback: next });
    try {
      await request(`/api/turns/${turn.id}/feedback`, next === null ? { method: 'DELETE' } : { method: 'PUT', body: next });
    } catch (error) {
      setGiven({ feedback });
      toast.error(describeFailure(error).detail);
    }
  };
  return { feedback, rate };
}
