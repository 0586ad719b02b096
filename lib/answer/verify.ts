/**
 * Checks every sentence of an answer against the passages it cites, without a model: what it counts, dates and names
 * must stand there, and enough of its words. It can show that a sentence has no ground; it does not prove that a
 * sentence with ground is true. Pure.
 */
import { isStopWord } from '../search/stop-words.ts';
import { fold, terms } from '../search/terms.ts';
import { citedNumbers, withoutCitations } from './cite.ts';
import type { Sentence, Support } from './events.ts';
import { findFacts, type Facts } from './facts.ts';
import { splitSentences } from './sentences.ts';

/** What of a passage a sentence may rest on: all that was given with it. */
export interface Ground {
  number: number;
  title: string;
  headings: readonly string[];
  text: string;
}

/** Share of a sentence's own words that its passages must hold. Measured on the demo documents (docs/decisions/0008-answers.md). */
const supportedFrom = 0.6;
const weakFrom = 0.35;
/** Fewer own words than this say nothing that could be checked ("In short:"). */
const wordsMin = 2;

interface Verdict {
  support: Support;
  reason: string;
}

/** Every sentence of `text` with what checking it found. */
export function verifySentences(text: string, passages: readonly Ground[]): Sentence[] {
  return splitSentences(text).map(({ start, end }) => {
    const written = text.slice(start, end);
    const citations = citedNumbers(written);
    return { start, end, citations, ...judge(written, citations, passages) };
  });
}

function judge(written: string, citations: readonly number[], passages: readonly Ground[]): Verdict {
  const claim = withoutCitations(written).replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '');
  const words = contentWords(claim);
  if (citations.length === 0) return judgeUncited(words);
  const ground = passages.filter((passage) => citations.includes(passage.number)).map((passage) => [passage.title, ...passage.headings, passage.text].join('\n')).join('\n');
  const missing = missingFact(findFacts(claim), findFacts(ground)) ?? missingName(claim, ground);
  if (missing !== undefined) return { support: 'unsupported', reason: missing };
  const held = new Set(terms(ground));
  const share = words.length === 0 ? 1 : words.filter((word) => held.has(word)).length / words.length;
  if (share < weakFrom) return { support: 'unsupported', reason: 'The cited passage says little of this.' };
  if (share < supportedFrom) return { support: 'weak', reason: 'The cited passage holds only part of this.' };
  if (negated(claim) !== negated(nearestSentence(ground, words))) return { support: 'weak', reason: 'Either this or the cited passage says "not" where the other does not.' };
  return { support: 'supported', reason: '' };
}

function judgeUncited(words: readonly string[]): Verdict {
  return { support: 'uncited', reason: words.length < wordsMin ? '' : 'No passage is cited for this.' };
}

function contentWords(text: string): string[] {
  return [...new Set(terms(text).filter((term) => !isStopWord(term) && !/^\d/.test(term)))];
}

/** The first date, number or identifier of the claim that the ground does not hold, in words. */
function missingFact(claim: Facts, ground: Facts): string | undefined {
  for (const date of claim.dates) {
    if (!ground.dates.some((other) => sameDate(date.value, other.value))) return `The cited passage does not name the date ${date.written}.`;
  }
  for (const each of claim.identifiers) {
    if (!ground.identifiers.some((other) => other.value === each.value)) return `The cited passage does not name ${each.written}.`;
  }
  for (const each of claim.quantities) {
    const same = ground.quantities.filter((other) => other.value === each.value);
    if (same.length === 0 && !ground.dates.some((date) => date.value.split('-').some((part) => Number(part) === Number(each.value)))) {
      return `The cited passage does not give the number ${each.written}.`;
    }
    // A table gives its unit in the header, so a number without one agrees with any.
    if (each.unit !== '' && same.length > 0 && same.every((other) => other.unit !== '' && other.unit !== each.unit)) {
      return `The cited passage gives ${each.value} with another unit (${same[0]?.written ?? ''}).`;
    }
  }
  return undefined;
}

function sameDate(claimed: string, given: string): boolean {
  if (claimed === given) return true;
  // "3 March" is held by "3 March 2026", "March 2026" by "3 March 2026".
  if (claimed.startsWith('--')) return given.endsWith(claimed.slice(1));
  return given.startsWith(`${claimed}-`);
}

// Capitals in the middle of a sentence. German capitalises every noun, so only where few words are capitalised.
function missingName(claim: string, ground: string): string | undefined {
  const words = claim.match(/[\p{L}][\p{L}'’-]*/gu) ?? [];
  const capitals = words.slice(1).filter((word) => /^\p{Lu}\p{Ll}/u.test(word));
  if (capitals.length === 0 || capitals.length > words.length * 0.34) return undefined;
  const held = new Set(terms(ground));
  const whole = fold(ground);
  const missing = capitals.find((name) => !whole.includes(fold(name)) && terms(name).some((term) => !isStopWord(term) && !held.has(term)));
  return missing === undefined ? undefined : `The cited passage does not name ${missing}.`;
}

const negations = /\b(?:not|no|never|none|neither|nor|cannot|without|nicht|kein\w*|nie|niemals|ohne)\b|n['’]t\b/i;

function negated(text: string): boolean {
  return negations.test(text);
}

function nearestSentence(ground: string, words: readonly string[]): string {
  let best = { shared: -1, text: '' };
  for (const { start, end } of splitSentences(ground)) {
    const text = ground.slice(start, end);
    const held = new Set(terms(text));
    const shared = words.filter((word) => held.has(word)).length;
    if (shared > best.shared) best = { shared, text };
  }
  return best.text;
}
