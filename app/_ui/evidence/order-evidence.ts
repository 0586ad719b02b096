/** The order of evidence in the panel: cited first, each part by its number. Pure. */
import type { Evidence } from '#lib/answer/events.ts';

export function orderEvidence<Item extends Pick<Evidence, 'number' | 'cited'>>(evidence: readonly Item[]): Item[] {
  return evidence.toSorted((one, other) => Number(other.cited) - Number(one.cited) || one.number - other.number);
}
