/**
 * Brings word forms together, for the index and for questions alike. One stemmer for English and German, because a
 * question of three words does not say which language it is in: German case endings first, then Porter's algorithm
 * (M. F. Porter, "An algorithm for suffix stripping", 1980), then a last "e". Knows nothing of sentences.
 */

const germanEnding = /(?:ern|em|er|en)$/;
const pairsOfStep2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'], ['tional', 'tion'], ['enci', 'ence'], ['anci', 'ance'], ['izer', 'ize'], ['isation', 'ize'], ['bli', 'ble'], ['alli', 'al'],
  ['entli', 'ent'], ['eli', 'e'], ['ousli', 'ous'], ['ization', 'ize'], ['ation', 'ate'], ['ator', 'ate'], ['alism', 'al'],
  ['iveness', 'ive'], ['fulness', 'ful'], ['ousness', 'ous'], ['aliti', 'al'], ['iviti', 'ive'], ['biliti', 'ble'], ['logi', 'log'],
];
const pairsOfStep3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'], ['ative', ''], ['alize', 'al'], ['alise', 'al'], ['iciti', 'ic'], ['ical', 'ic'], ['ful', ''], ['ness', ''],
];
const endingsOfStep4 = [
  'ement', 'ance', 'ence', 'able', 'ible', 'ment', 'ent', 'ant', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize', 'ise', 'ion', 'al', 'er', 'ic', 'ou',
];
// Words whose stem would be another, frequent word.
const untouched = new Set(['note', 'there', 'here', 'where', 'were', 'one', 'once', 'the', 'these', 'this', 'does', 'news', 'over', 'after', 'under', 'bonus', 'eine', 'eines']);
const irregular: ReadonlyMap<string, string> = new Map([['tagen', 'tag'], ['tage', 'tag'], ['children', 'child'], ['paid', 'pay'], ['taken', 'take']]);
const lettersMin = 4;

/** The stem of a lower-case word of Latin letters without diacritics; other words come back unchanged. */
export function stem(word: string): string {
  if (word.length < lettersMin || untouched.has(word)) return word;
  const known = irregular.get(word);
  if (known !== undefined) return stem(known);
  const singular = stripPlural(word);
  if (untouched.has(singular)) return singular;
  const bare = germanEnding.test(singular) ? stripGerman(singular) : singular;
  return stripLastE(step5(step4(step3(step2(step1c(step1b(bare)))))));
}

function stripGerman(word: string): string {
  const rest = word.replace(germanEnding, '');
  return rest.length >= lettersMin && hasVowel(rest) && !/(?:[ei])$/.test(rest) ? rest : word;
}

function stripPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}i` : word.slice(0, -1);
  if (word.endsWith('ss') || word.endsWith('us') || word.endsWith('is') || !word.endsWith('s')) return word;
  return word.slice(0, -1);
}

function step1b(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const rest = word.endsWith('ed') ? word.slice(0, -2) : word.endsWith('ing') ? word.slice(0, -3) : undefined;
  if (rest === undefined || !hasVowel(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (/([^aeiouylsz])\1$/.test(rest)) return rest.slice(0, -1);
  return measure(rest) === 1 && endsShort(rest) ? `${rest}e` : rest;
}

function step1c(word: string): string {
  // As in Porter's later algorithm: "employ" keeps its y, so that it meets "employment".
  return word.length > 2 && word.endsWith('y') && isConsonant(word, word.length - 2) ? `${word.slice(0, -1)}i` : word;
}

function step2(word: string): string {
  return replaceEnding(word, pairsOfStep2);
}

function step3(word: string): string {
  return replaceEnding(word, pairsOfStep3);
}

function replaceEnding(word: string, pairs: readonly (readonly [string, string])[]): string {
  for (const [ending, replacement] of pairs) {
    if (!word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length);
    return measure(rest) > 0 ? rest + replacement : word;
  }
  return word;
}

function step4(word: string): string {
  const ending = endingsOfStep4.find((candidate) => word.endsWith(candidate));
  if (ending === undefined) return word;
  const rest = word.slice(0, -ending.length);
  if (measure(rest) <= 1 || (ending === 'ion' && !/[st]$/.test(rest))) return word;
  return rest;
}

function step5(word: string): string {
  let result = word;
  if (result.endsWith('e') && !result.endsWith('ee')) {
    const rest = result.slice(0, -1);
    const size = measure(rest);
    if (size > 1 || (size === 1 && !endsShort(rest))) result = rest;
  }
  return result.endsWith('ll') && measure(result.slice(0, -1)) > 1 ? result.slice(0, -1) : result;
}

// German plurals ("Tage"), and English words that Porter leaves with their "e". "ee" stays: employee is not employer.
function stripLastE(word: string): string {
  return word.length >= lettersMin && word.endsWith('e') && !word.endsWith('ee') ? word.slice(0, -1) : word;
}

function isConsonant(word: string, index: number): boolean {
  const letter = word[index];
  if (letter === 'a' || letter === 'e' || letter === 'i' || letter === 'o' || letter === 'u') return false;
  return letter !== 'y' || index === 0 || !isConsonant(word, index - 1);
}

function hasVowel(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) if (!isConsonant(word, index)) return true;
  return false;
}

/** Porter's m: how many times a vowel run is followed by a consonant run. */
function measure(word: string): number {
  let count = 0;
  let afterVowel = false;
  for (let index = 0; index < word.length; index += 1) {
    const consonant = isConsonant(word, index);
    if (consonant && afterVowel) count += 1;
    afterVowel = !consonant;
  }
  return count;
}

/** Porter's *o: consonant, vowel, consonant other than w, x, y at the end. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  return last >= 2 && isConsonant(word, last) && !isConsonant(word, last - 1) && isConsonant(word, last - 2) && !/[wxy]$/.test(word);
}
