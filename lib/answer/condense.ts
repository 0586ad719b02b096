/**
 * Makes a follow-up question searchable: "And for part-timers?" says what it is about only together with the question
 * before it. Done by rule and not by a model, so that it costs nothing, works without one and can be explained. Pure.
 */
import { isStopWord } from '../search/stop-words.ts';
import { terms } from '../search/terms.ts';

export interface EarlierTurn {
  /** As it was searched for: its own follow-ups are already filled in. */
  query: string;
  /** Titles of the documents its answer cited, most cited first. Empty when the answer may not be read any more. */
  citedTitles: readonly string[];
}

// Words that point back to something said before.
const pointers = /\b(?:it|its|that|this|those|these|they|them|their|there|he|she|his|him|one|ones|same|such|else|former|latter|dies|diese[rsnm]?|dort|dazu|dafür|damit|davon|darin|darüber|deren|dessen|sie|ihn|ihm|ihnen|ihre[rsnm]?|es)\b/iu;
const openings = /^\s*(?:and|but|or|also|what about|how about|what if|then|so|und|aber|oder|auch|was ist mit|wie ist es|wie sieht es|dann)\b/iu;
// Words that only look as if: "is there a ...", "is it allowed to ...", "gibt es ...".
const emptyPointers = /\b(?:(?:is|are|was|were|will|would|can|could|should) there|there (?:is|are|was|were)|(?:is|was|would) it (?:possible|allowed|ok|okay|permitted|necessary|required|true)|gibt es|ist es (?:möglich|erlaubt|nötig)|that (?:is|are|i|we|you|the|a|an)|so that|this (?:year|month|week|quarter)|dieses jahr)\b/giu;
/** A question with fewer words of its own is taken up from the one before. */
const ownWordsMin = 2;
/** A pointer in a question with more words of its own is taken as part of the sentence, not as pointing back. */
const ownWordsMax = 5;
const wordsAdded = 8;

/** The question as it is to be searched for: itself, with the subject of the turn before in brackets where it needs one. */
export function condense(question: string, earlier: readonly EarlierTurn[]): string {
  const last = earlier.at(-1);
  const own = contentWords(question);
  if (last === undefined || !pointsBack(question, own.length)) return question;
  const known = new Set(own.flatMap((word) => terms(word)));
  const fromQuestion = contentWords(last.query).filter((word) => !terms(word).some((term) => known.has(term)));
  const fromTitle = fromQuestion.length >= ownWordsMin ? [] : contentWords(last.citedTitles[0] ?? '').filter((word) => !terms(word).some((term) => known.has(term)));
  const added = [...new Set([...fromQuestion, ...fromTitle])].slice(0, wordsAdded);
  return added.length === 0 ? question : `${question} (${added.join(' ')})`;
}

function pointsBack(question: string, ownWords: number): boolean {
  if (ownWords < ownWordsMin || openings.test(question)) return true;
  return ownWords <= ownWordsMax && pointers.test(question.replace(emptyPointers, ' '));
}

function contentWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’/.-]*[\p{L}\p{N}\p{M}]|[\p{L}\p{N}]/gu) ?? [];
  return words.filter((word) => terms(word).some((term) => !isStopWord(term)));
}
