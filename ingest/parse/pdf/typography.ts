/**
 * What the type on the pages means in this document: the size of running text, which lines are headings and of what
 * level, and how far apart the lines of one paragraph stand.
 */
import type { PageLine } from './model.ts';

export interface Typography {
  bodySize: number;
  /** Distance of baselines inside a paragraph, as a multiple of the font size. */
  leading: number;
  /** 1 to 6 for a heading, nothing for other lines. */
  headingLevel(line: PageLine): number | undefined;
}

/** Headings are at least this much larger than running text, when they are told by size. */
const headingScale = 1.12;
const headingCharactersMax = 180;
const boldHeadingCharactersMax = 110;

export function readTypography(lines: readonly PageLine[]): Typography {
  const bodySize = mostFrequent(lines.map((line) => [roundSize(line.size), line.text.length]), 10);
  const runningSizes = findRunningSizes(lines);
  const boldCharacters = lines.reduce((sum, line) => sum + (line.bold ? line.text.length : 0), 0);
  const characters = lines.reduce((sum, line) => sum + line.text.length, 0);
  const boldMeansHeading = boldCharacters < characters * 0.35;
  const isLarge = (line: PageLine): boolean => line.size >= bodySize * headingScale && !runningSizes.has(roundSize(line.size)) && mayBeHeading(line);
  const sizes = findHeadingSizes(lines.filter((line) => isLarge(line)), new Set(lines.map((line) => line.page)).size);
  const boldLevel = Math.min(6, Math.max(2, sizes.length + 1));

  function headingLevel(line: PageLine): number | undefined {
    if (isLarge(line)) return Math.min(5, sizes.filter((size) => size > roundSize(line.size)).length + 1);
    return boldMeansHeading && isBoldHeading(line, bodySize) ? boldLevel : undefined;
  }
  return { bodySize, leading: readLeading(lines, bodySize), headingLevel };
}

/** The sizes that make levels, largest first. A cover sets a line in each of many sizes; those of one page only make none beyond the largest. */
function findHeadingSizes(large: readonly PageLine[], pageCount: number): number[] {
  const pages = new Map<number, Set<number>>();
  for (const line of large) pages.set(roundSize(line.size), (pages.get(roundSize(line.size)) ?? new Set()).add(line.page));
  const sizes = [...pages.keys()].sort((left, right) => right - left);
  return sizes.filter((size, index) => index === 0 || pageCount < 3 || (pages.get(size)?.size ?? 0) > 1);
}

/** Sizes that more than an eighth of a longer text is set in are running text, however large. */
function findRunningSizes(lines: readonly PageLine[]): Set<number> {
  const characters = new Map<number, number>();
  for (const line of lines) characters.set(roundSize(line.size), (characters.get(roundSize(line.size)) ?? 0) + line.text.length);
  const all = [...characters.values()].reduce((sum, count) => sum + count, 0);
  return new Set([...characters].filter(([, count]) => count > 600 && count > all / 8).map(([size]) => size));
}

function mayBeHeading(line: PageLine): boolean {
  return line.text.length <= headingCharactersMax && line.cells.length === 1 && /\p{L}{2}|^\d/u.test(line.text);
}

function isBoldHeading(line: PageLine, bodySize: number): boolean {
  if (!line.bold || line.size < bodySize * 0.9 || line.cells.length > 1) return false;
  if (line.text.length > boldHeadingCharactersMax || line.text.length < 3) return false;
  return /^[\p{Lu}\p{Lo}\d(§"“]/u.test(line.text) && /\p{L}{2}/u.test(line.text) && !/[.,;]$/.test(line.text);
}

/** Half points: programs write 11.04 and 11.03 for the same size. */
function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

function readLeading(lines: readonly PageLine[], bodySize: number): number {
  const gaps: [number, number][] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const above = lines[index - 1];
    const below = lines[index];
    if (!above || !below || above.page !== below.page || above.group !== below.group || roundSize(below.size) !== bodySize) continue;
    const gap = Math.round(((below.baseline - above.baseline) / below.size) * 20) / 20;
    if (gap > 0.8 && gap < 2.6) gaps.push([gap, below.text.length]);
  }
  return mostFrequent(gaps, 1.2);
}

/** The value with the greatest weight. */
function mostFrequent(values: readonly (readonly [value: number, weight: number])[], fallback: number): number {
  const weights = new Map<number, number>();
  for (const [value, weight] of values) weights.set(value, (weights.get(value) ?? 0) + weight);
  let best = fallback;
  for (const [value, weight] of weights) if (weight > (weights.get(best) ?? 0)) best = value;
  return best;
}
