/** Takes the checkable facts out of a text: dates, numbers with their units, identifiers. English and German. Pure. */
import { fold } from '../search/terms.ts';

export interface Quantity {
  /** Canonical: no thousands separators, a point before the fraction. */
  value: string;
  /** Canonical unit ("day", "%", "eur"), or empty. */
  unit: string;
  /** As written, for telling people. */
  written: string;
}

export interface Facts {
  /** "2026-03-03", "--03-03" without a year, "2026-03" without a day. */
  dates: { value: string; written: string }[];
  quantities: Quantity[];
  /** Words with a digit: HX-4, INV-2024-0031. */
  identifiers: { value: string; written: string }[];
}

const monthNames = [
  ['january', 'jan', 'januar', 'janner'], ['february', 'feb', 'februar'], ['march', 'mar', 'marz'], ['april', 'apr'], ['may', 'mai'],
  ['june', 'jun', 'juni'], ['july', 'jul', 'juli'], ['august', 'aug'], ['september', 'sep', 'sept'], ['october', 'oct', 'oktober', 'okt'],
  ['november', 'nov'], ['december', 'dec', 'dezember', 'dez'],
];
const months = new Map(monthNames.flatMap((names, index) => names.map((name) => [name, index + 1])));
const monthPattern = [...months.keys()].toSorted((left, right) => right.length - left.length).join('|');

const unitNames: Record<string, string> = {
  day: 'day|days|tag|tage|tagen', week: 'week|weeks|woche|wochen', month: 'month|months|monat|monate|monaten', year: 'year|years|jahr|jahre|jahren',
  hour: 'hour|hours|hr|hrs|stunde|stunden|std', minute: 'minute|minutes|min|minuten', second: 'second|seconds|sekunde|sekunden', '%': '%|percent|per cent|prozent',
  eur: '€|eur|euro|euros', usd: '\\$|usd|dollar|dollars', gbp: '£|gbp|pounds?', chf: 'chf', km: 'km|kilometers?|kilometres?|kilometer',
  m: 'm|metres?|meters?', mm: 'mm', cm: 'cm', kg: 'kg', g: 'g', c: '°c', v: 'v', w: 'w', bar: 'bar', hpa: 'hpa', hz: 'hz',
};
const units = new Map(Object.entries(unitNames).flatMap(([unit, names]) => names.split('|').map((name) => [name, unit])));

const numberWords = new Map(Object.entries({
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13, fourteen: 14,
  fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80,
  ninety: 90, hundred: 100, zwei: 2, drei: 3, vier: 4, funf: 5, sechs: 6, sieben: 7, acht: 8, neun: 9, zehn: 10, elf: 11, zwolf: 12, zwanzig: 20,
  dreissig: 30, vierzig: 40, funfzig: 50, sechzig: 60, hundert: 100,
}));
const numberWordPattern = [...numberWords.keys()].toSorted((left, right) => right.length - left.length).join('|');
const unitPattern = Object.values(unitNames).join('|').split('|').toSorted((left, right) => right.length - left.length).join('|');

const isoDate = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const dottedDate = /\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b/g;
const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th|\\.)?\\s+(?:of\\s+)?(${monthPattern})\\b\\.?,?(?:\\s+(\\d{4}))?`, 'g');
const monthFirst = new RegExp(`\\b(${monthPattern})\\b\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,?\\s+(\\d{4}))?`, 'g');
const monthOnly = new RegExp(`\\b(${monthPattern})\\b\\.?\\s+(\\d{4})\\b`, 'g');
const identifier = /\b(?=[\p{L}\d./_-]*\d)(?=[\d./_-]*\p{L})[\p{L}\d]+(?:[-/_.][\p{L}\d]+)*\b/gu;
const quantity = new RegExp(
  `([€$£])?\\s?(?<![\\p{L}\\d])(\\d+(?:[.,'’ ]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d+)?|(?:${numberWordPattern})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)(?![\\p{L}\\d])` +
  `(?:[-\\s]+(?:${'calendar|working|business|full|paid|consecutive|weitere|volle'})\\s+)?(?:[-\\s]*(${unitPattern})(?![\\p{L}\\d]))?`, 'gu');

/** All facts of a text. What is part of a date or an identifier is not a number as well. */
export function findFacts(text: string): Facts {
  let rest = fold(text);
  const dates: Facts['dates'] = [];
  const take = (pattern: RegExp, build: (found: string[]) => string | undefined): void => {
    rest = rest.replace(pattern, (written: string, ...groups: unknown[]) => {
      const value = build(groups.map((group) => (typeof group === 'string' ? group : '')));
      if (value === undefined) return written;
      dates.push({ value, written: written.trim() });
      return ' '.repeat(written.length);
    });
  };
  take(isoDate, ([year = '', month = '', day = '']) => dateOf(year, Number(month), Number(day)));
  take(dottedDate, ([day = '', month = '', year = '']) => dateOf(year, Number(month), Number(day)));
  take(dayFirst, ([day = '', month = '', year = '']) => dateOf(year, months.get(month), Number(day)));
  take(monthFirst, ([month = '', day = '', year = '']) => dateOf(year, months.get(month), Number(day)));
  take(monthOnly, ([month = '', year = '']) => `${year}-${String(months.get(month)).padStart(2, '0')}`);
  const identifiers = takeIdentifiers(rest);
  return { dates, identifiers: identifiers.found, quantities: takeQuantities(identifiers.rest) };
}

function dateOf(year: string, month: number | undefined, day: number): string | undefined {
  if (month === undefined || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const tail = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return /^\d{4}$/.test(year) ? `${year}-${tail}` : `--${tail}`;
}

function takeIdentifiers(text: string): { found: Facts['identifiers']; rest: string } {
  const found: Facts['identifiers'] = [];
  const rest = text.replace(identifier, (written) => {
    // "18-week" and "30km" are numbers with a unit.
    if (new RegExp(`^\\d+(?:[.,]\\d+)?-?(?:${unitPattern})$`).test(written) || /^\d+(?:st|nd|rd|th)$/.test(written)) return written;
    found.push({ value: written.replace(/[-/_.]/g, ''), written });
    return ' '.repeat(written.length);
  });
  return { found, rest };
}

function takeQuantities(text: string): Quantity[] {
  return [...text.matchAll(quantity)].flatMap((found) => {
    const [written, sign = '', number = '', name = ''] = found;
    // "one" alone is a pronoun more often than a number.
    if (number === 'one' && name === '') return [];
    return [{ value: canonicalNumber(number), unit: units.get(sign === '$' ? '\\$' : sign) ?? units.get(name === '$' ? '\\$' : name) ?? unitOf(name), written: written.trim() }];
  });
}

function unitOf(name: string): string {
  for (const [unit, names] of Object.entries(unitNames)) if (name !== '' && new RegExp(`^(?:${names})$`).test(name)) return unit;
  return '';
}

function canonicalNumber(written: string): string {
  const words = written.split(/[- ]/).map((word) => numberWords.get(word));
  if (words.every((word) => word !== undefined)) return String(words.reduce<number>((sum, word) => sum + (word ?? 0), 0));
  const grouped = /^(\d{1,3}(?:[.,'’ ]\d{3})+)(?:[.,](\d{1,2}))?$/.exec(written);
  const [whole = '', fraction = ''] = grouped === null ? written.split(/[.,]/) : [(grouped[1] ?? '').replace(/\D/g, ''), grouped[2] ?? ''];
  const digits = fraction.replace(/0+$/, '');
  const bare = whole.replace(/^0+(?=\d)/, '');
  return digits === '' ? bare : `${bare}.${digits}`;
}
