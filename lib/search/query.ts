/** What of a question is looked up in the lexical index. Pure. */
import { isStopWord } from './stop-words.ts';
import { terms } from './terms.ts';

/** Beyond these, the rest of a very long question adds time and no direction. */
const termsMax = 48;

/** Terms of the question, each once, with how often it is said. Without stop words, unless there is nothing else. */
export function queryTerms(question: string): Map<string, number> {
  const all = terms(question);
  const meaningful = all.filter((term) => !isStopWord(term));
  const counts = new Map<string, number>();
  for (const term of meaningful.length > 0 ? meaningful : all) counts.set(term, (counts.get(term) ?? 0) + 1);
  return new Map([...counts].slice(0, termsMax));
}
