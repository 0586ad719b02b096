/** What "Copy with sources" puts on the clipboard: the answer as text, then what it rests on. Pure. */
import type { Evidence } from '#lib/answer/events.ts';
import { describePassage } from '../source/describe-place.ts';

/** The answer keeps its marks [n]; the list below explains each that it uses. */
export function copyText(question: string, text: string, evidence: readonly Evidence[]): string {
  const cited = evidence.filter((one) => one.cited);
  const sources = cited.map((one) => `[${one.number}] ${describePassage(one)} (${one.collectionName})`);
  return [question, text.trim(), sources.length === 0 ? '' : ['Sources', ...sources].join('\n')].filter(Boolean).join('\n\n');
}
