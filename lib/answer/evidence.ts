/** Turns found passages into the evidence of an answer. The text is passed on as it is, byte for byte. Pure but for the ids. */
import { randomUUID } from 'node:crypto';
import { explainNearness } from './decide.ts';
import type { Evidence, Nearest } from './events.ts';
import type { Numbered } from './prompt.ts';

export const nearestMax = 3;

export function toEvidence({ number, passage }: Numbered): Evidence {
  const { chunkId: _chunkId, ...shared } = passage;
  return { id: randomUUID(), number, ...shared, cited: false };
}

/** What of the evidence came nearest to a question that it does not answer, best first, with why. */
export function toNearest(question: string, evidence: readonly Evidence[]): Nearest[] {
  return evidence
    .toSorted((left, right) => right.scores.fused - left.scores.fused)
    .slice(0, nearestMax)
    .map((each) => ({ ...each, why: explainNearness(question, each) }));
}

/** The evidence with those numbers marked as cited. */
export function markCited(evidence: readonly Evidence[], numbers: readonly number[]): Evidence[] {
  return evidence.map((each) => ({ ...each, cited: numbers.includes(each.number) }));
}
