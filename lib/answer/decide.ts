/**
 * Decides whether the passages found can answer the question at all, before a model is asked: a model that is given
 * passages which do not answer tends to answer all the same. Pure.
 */
import { isStopWord } from '../search/stop-words.ts';
import { fold, terms } from '../search/terms.ts';
import { coverage, type Weights } from './coverage.ts';

/**
 * Least share of the question's weight that the best passage must hold, and the best three together. A model may still
 * say that there is no answer, so before one the door stands wider. Measured on SciFact and XQuAD with and without the
 * right document, and on the demo company (docs/decisions/0008-answers.md).
 */
export const decideLimits = { model: { best: 0.3, together: 0.4 }, quotes: { best: 0.4, together: 0.5 }, joined: 3 };

interface Judged {
  title: string;
  text: string;
  place: { headings: readonly string[] };
}

/** True when the passages, best first, hold enough of the question to be worth answering from, by a model or in quotes. */
export function isAnswerable(weights: Weights, passages: readonly Judged[], by: 'model' | 'quotes'): boolean {
  if (passages.length === 0) return false;
  if (weights.size === 0) return true;
  const { best, together } = measureCoverage(weights, passages);
  return best >= decideLimits[by].best && together >= decideLimits[by].together;
}

export function measureCoverage(weights: Weights, passages: readonly Judged[]): { best: number; together: number } {
  const best = Math.max(0, ...passages.map((passage) => coverage(weights, wholeText(passage))));
  const together = coverage(weights, passages.slice(0, decideLimits.joined).map(wholeText).join('\n'));
  return { best, together };
}

/** What of the question a passage holds and lacks, in words for the reader. */
export function explainNearness(question: string, passage: Judged): string {
  const held = new Set(terms(wholeText(passage)));
  const asked = wordsOf(question);
  const found = asked.filter((word) => held.has(word.term)).map((word) => word.written);
  const missing = asked.filter((word) => !held.has(word.term)).map((word) => word.written);
  if (found.length === 0) return 'It is about something similar, in other words.';
  if (missing.length === 0) return `It mentions ${list(found)}, but not together as an answer.`;
  return `It mentions ${list(found)}, but not ${list(missing)}.`;
}

function wholeText(passage: Judged): string {
  return [passage.title, ...passage.place.headings, passage.text].join('\n');
}

function wordsOf(question: string): { written: string; term: string }[] {
  const words = new Map<string, string>();
  for (const written of question.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’/-]*/gu) ?? []) {
    const term = contentTerm(written);
    if (term !== undefined && !words.has(term)) words.set(term, written);
  }
  return [...words].map(([term, written]) => ({ written, term }));
}

function contentTerm(written: string): string | undefined {
  return terms(fold(written)).find((term) => !isStopWord(term));
}

function list(words: readonly string[]): string {
  const quoted = words.slice(0, 4).map((word) => `“${word}”`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}
