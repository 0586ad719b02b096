/**
 * Cuts text into the terms that the lexical index holds: the same function for documents and for questions.
 * Knows no language in particular: words of Latin script are stemmed (stem.ts), identifiers are kept whole beside
 * their parts, scripts written without spaces become pairs of characters.
 */
import { stem } from './stem.ts';

/** The index never meets a longer term: a line of base64 is not a word, and Postgres limits the size of a key. */
const lettersMax = 64;
const stemsKept = 200_000;

const wordPattern = /(§+\s*)?[\p{L}\p{N}\p{M}]+(?:[-‐‑./_'’:,@&+][\p{L}\p{N}\p{M}]+)*/gu;
const separators = /[-‐‑./_'’:,@&+]/;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu;
const holdsUnspaced = new RegExp(unspaced.source, 'u');
const plainWord = /^[a-z]+$/;
const hasDigit = /\p{N}/u;
const onlyAscii = /^[\x00-\x7f]*$/;
const marks = /[\u0300-\u036f\u064b-\u065f\u0670]/g;
const thousands = /^\d{1,3}(?:[.,'’]\d{3})+$/;
const decimal = /^(\d+(?:[.,'’]\d{3})*)[.,](\d+)$/;
const shortEndings = new Set(['s', 't', 'd', 'm', 're', 've', 'll']);

const stems = new Map<string, string>();

/** The terms of a text in their order, repeats included. */
export function terms(text: string): string[] {
  const found: string[] = [];
  for (const match of fold(text).matchAll(wordPattern)) addWord(match[0], match[1] !== undefined, found);
  return found;
}

/** The terms a chunk is indexed under: the document's title and the headings above it count like its own words. */
export function chunkTerms(chunk: { title: string; headings: readonly string[]; text: string }): string[] {
  return terms([chunk.title, ...chunk.headings, chunk.text].join('\n'));
}

/** NFKC, lower case, without diacritics: "Größe" and "GROSSE" are the same. */
export function fold(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  const folded = text.normalize('NFKC').toLowerCase().normalize('NFD').replace(marks, '').normalize('NFC');
  return folded.replaceAll('ß', 'ss').replaceAll('æ', 'ae').replaceAll('ø', 'o').replaceAll('œ', 'oe').replaceAll('ł', 'l').replaceAll('\u00ad', '');
}

function addWord(word: string, isParagraph: boolean, found: string[]): void {
  if (plainWord.test(word)) return addPlain(word, found);
  if (isParagraph) return addParagraph(word, found);
  if (separators.test(word)) return addCompound(word, found);
  addPart(word, found);
}

// "§ 14(2)" is found as "§14" and as "14".
function addParagraph(word: string, found: string[]): void {
  const bare = word.replace(/^§+\s*/, '');
  found.push(`§${bare}`.slice(0, lettersMax));
  addWord(bare, false, found);
}

function addCompound(word: string, found: string[]): void {
  if (thousands.test(word)) {
    found.push(word.replace(/\D/g, '').slice(0, lettersMax));
    return;
  }
  const [, whole, fraction] = decimal.exec(word) ?? [];
  if (whole !== undefined && fraction !== undefined) {
    found.push(`${whole.replace(/\D/g, '')}.${fraction}`.slice(0, lettersMax));
    return;
  }
  const parts = word.split(separators);
  const kept = parts.filter((part, index) => index === 0 || !shortEndings.has(part));
  for (const part of kept) addPart(part, found);
  // "HX-4" is also found as "HX4", "e-mail" as "email".
  if (kept.length > 1 && !/[,:'’]/.test(word)) addPart(kept.join(''), found);
}

function addPart(part: string, found: string[]): void {
  if (plainWord.test(part)) return addPlain(part, found);
  if (!holdsUnspaced.test(part)) {
    const exact = hasDigit.test(part) ? part.replace(/^0+(?=\d+$)/, '') : part;
    found.push(exact.slice(0, lettersMax));
    return;
  }
  addPairs(part, found);
}

function addPairs(text: string, found: string[]): void {
  let end = 0;
  for (const match of text.matchAll(unspaced)) {
    if (match.index > end) addPart(text.slice(end, match.index), found);
    const characters = [...match[0]];
    if (characters.length === 1) found.push(match[0]);
    for (let index = 0; index + 1 < characters.length; index += 1) found.push(`${characters[index]}${characters[index + 1]}`);
    end = match.index + match[0].length;
  }
  if (end < text.length) addPart(text.slice(end), found);
}

function addPlain(word: string, found: string[]): void {
  let known = stems.get(word);
  if (known === undefined) {
    known = stem(word.length > lettersMax ? word.slice(0, lettersMax) : word);
    if (stems.size >= stemsKept) stems.clear();
    stems.set(word, known);
  }
  found.push(known);
}
