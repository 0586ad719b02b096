/**
 * Answers without a model: the sentences and table rows of the found passages that hold most of what was asked, word
 * for word, each with its citation. Pure.
 */
import { terms } from '../search/terms.ts';
import { coverageOf, type Weights } from './coverage.ts';
import { splitSentences } from './sentences.ts';

const quotesMax = 5;
/** A further quote must reach this share of the best one's score, or add words that no earlier one holds. */
const shareOfBestMin = 0.55;
const gainMin = 0.12;
/** Passages behind the first few add noise more often than an answer. */
const rankWeight = 0.06;
const charactersMin = 12;
const charactersMax = 700;
/** What the title and headings say counts for a sentence under them, but less than its own words. */
const contextShare = 0.35;

export interface QuotedPassage {
  number: number;
  title: string;
  headings: readonly string[];
  text: string;
}

interface Piece {
  text: string;
  number: number;
  score: number;
  held: ReadonlySet<string>;
}

/** The text of a quoted answer; empty when no sentence says anything of the question. `passages` are best first. */
export function quote(weights: Weights, passages: readonly QuotedPassage[]): string {
  const pieces = passages.flatMap((passage, rank) => piecesOf(passage).map((text) => judge(weights, { text, passage, rank })))
    .filter((piece) => piece.score > 0)
    .toSorted((left, right) => right.score - left.score);
  return choose(weights, pieces).map((piece) => `${piece.text} [${piece.number}]`).join('\n\n');
}

function judge(weights: Weights, { text, passage, rank }: { text: string; passage: QuotedPassage; rank: number }): Piece {
  const own = new Set(terms(text));
  const context = new Set(terms([passage.title, ...passage.headings].join(' ')));
  const whole = new Set([...own, ...context]);
  const ownShare = coverageOf(weights, own);
  const score = ownShare === 0 ? 0 : (ownShare + contextShare * (coverageOf(weights, whole) - ownShare)) * (1 - Math.min(0.5, rank * rankWeight));
  return { text, number: passage.number, score, held: own };
}

function choose(weights: Weights, pieces: readonly Piece[]): Piece[] {
  const best = pieces[0]?.score ?? 0;
  const chosen: Piece[] = [];
  const held = new Set<string>();
  for (const piece of pieces) {
    if (chosen.length >= quotesMax) break;
    if (chosen.some((other) => isSame(other.held, piece.held))) continue;
    const gain = coverageOf(weights, new Set([...held, ...piece.held])) - coverageOf(weights, held);
    if (chosen.length > 0 && piece.score < shareOfBestMin * best && gain < gainMin) continue;
    if (chosen.length >= 2 && gain <= 0 && piece.score < 0.8 * best) continue;
    chosen.push(piece);
    for (const term of piece.held) held.add(term);
  }
  return chosen;
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const term of left) if (right.has(term)) shared += 1;
  return shared / Math.max(1, Math.min(left.size, right.size)) >= 0.9;
}

/** Sentences of running text; rows of tables with the names of their columns. */
function piecesOf({ text }: QuotedPassage): string[] {
  const pieces: string[] = [];
  let header: string[] | undefined;
  let running = '';
  const flush = () => {
    for (const { start, end } of splitSentences(running)) pieces.push(running.slice(start, end));
    running = '';
  };
  for (const line of text.split('\n')) {
    const cells = line.includes(' | ') ? line.split(' | ').map((cell) => cell.trim()) : undefined;
    if (cells === undefined) {
      header = undefined;
      running += `${line}\n`;
      continue;
    }
    flush();
    if (header === undefined) header = cells;
    else pieces.push(describeRow(header, cells));
  }
  flush();
  return pieces.filter((piece) => piece.length >= charactersMin && piece.length <= charactersMax);
}

function describeRow(header: readonly string[], cells: readonly string[]): string {
  return cells.flatMap((cell, index) => {
    const name = header[index] ?? '';
    if (cell === '') return [];
    return [name === '' || name === cell ? cell : `${name}: ${cell}`];
  }).join('; ');
}
