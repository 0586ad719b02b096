/** How an act ended: a dot and the word, never the colour alone. */
import type { AuditOutcome } from '#lib/audit/types.ts';
import { Dot } from '../primitives/badge.tsx';
import { outcomeTones, outcomeWords } from './record-words.ts';

export function OutcomeMark({ outcome }: { outcome: AuditOutcome }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <Dot tone={outcomeTones[outcome]} />
      {outcomeWords[outcome]}
    </span>
  );
}
