/**
 * Answers without a model: the sentences and table rows of the found passages that hold most of what was asked, word
 * for word, each with its citation. A heading, a question or a line that ends in a colon only points at an answer;
 * what stands below it is quoted in its place. Pure.
 */
import { terms } from '../search/terms.ts';
import { coverageOf, type Weights } from './coverage.ts';
import { findFacts } from './facts.ts';
import { piecesOf, type Piece } from './pieces.ts';

const quotesMax = 5;
/** A further quote must reach this share of the best one's score, and add words that no earlier one holds or come near the best. */
const shareOfBestMin = 0.6;
const nearBest = 0.85;
const gainMin = 0.1;
/** Passages behind the first few add noise more often than an answer. */
const rankWeight = 0.06;
const charactersMin = 12;
const charactersMax = 700;
/** What the title and headings say counts for a sentence under them, but less than its own words. */
const contextShare = 0.35;
/** What a line that points at an answer passes on to the sentences below it, first to last. */
const passedOn = [0.9, 0.8];
const passedOnToItem = 0.88;
const inheritedShare = 0.95;
/** For a sentence about HX-3 when HX-4 was asked about. */
const otherThing = 0.4;

export interface QuotedPassage {
  number: number;
  /** Passages of one version that follow each other are read on. */
  versionId: string;
  ordinal: number;
  title: string;
  headings: readonly string[];
  text: string;
}

interface Candidate {
  text: string;
  number: number;
  /** Place in the order of all pieces, so that equal ones keep it. */
  order: number;
  score: number;
  held: ReadonlySet<string>;
}

/** The text of a quoted answer; empty when no sentence says anything of the question. `passages` are best first. */
export function quote(question: string, weights: Weights, passages: readonly QuotedPassage[]): string {
  const asked = findFacts(question).identifiers.map((each) => each.value);
  const ends = new Map<string, Pointer>();
  // In the order of the documents, so that what one passage announces is known in the next.
  const judged = passages
    .map((passage, rank) => ({ passage, rank }))
    .toSorted((left, right) => left.passage.ordinal - right.passage.ordinal)
    .map(({ passage, rank }) => {
      const before = ends.get(`${passage.versionId} ${passage.ordinal - 1}`);
      const { found, pointer } = judgePassage({ weights, asked, rank }, passage, before);
      ends.set(`${passage.versionId} ${passage.ordinal}`, pointer);
      return { rank, found };
    });
  const candidates = judged
    .toSorted((left, right) => left.rank - right.rank)
    .flatMap((each) => each.found)
    .map((candidate, order) => ({ ...candidate, order }))
    .filter(({ text, score }) => score > 0 && text.length >= charactersMin && text.length <= charactersMax)
    .toSorted((left, right) => right.score - left.score || left.order - right.order);
  return choose(weights, candidates).map((candidate) => `${candidate.text} [${candidate.number}]`).join('\n\n');
}

interface Asked {
  weights: Weights;
  /** Identifiers in the question, such as hx4. */
  asked: readonly string[];
  rank: number;
}

/** The last line that announced something: how well it meets the question, and how many sentences stood below it since. */
interface Pointer {
  score: number;
  followed: number;
}

function judgePassage(question: Asked, passage: QuotedPassage, before: Pointer | undefined): { found: Omit<Candidate, 'order'>[]; pointer: Pointer } {
  const found: Omit<Candidate, 'order'>[] = [];
  let pointer = before !== undefined && before.followed <= 1 ? { ...before, followed: 0 } : { score: 0, followed: 1 };
  for (const piece of piecesOf(passage.text, [passage.title, ...passage.headings])) {
    const judged = judge(question, passage, piece);
    if (piece.kind === 'pointer') {
      // A heading above a heading announces the same text.
      const inherited = pointer.followed === 0 ? pointer.score * inheritedShare : 0;
      pointer = { score: Math.max(judged.score, inherited), followed: 0 };
      continue;
    }
    const share = piece.kind === 'item' ? passedOnToItem : (passedOn[pointer.followed] ?? 0);
    pointer = { ...pointer, followed: pointer.followed + 1 };
    found.push({ ...judged, score: Math.max(judged.score, pointer.score * share) });
  }
  return { found, pointer };
}

function judge({ weights, asked, rank }: Asked, passage: QuotedPassage, piece: Piece): Omit<Candidate, 'order'> {
  const own = new Set(terms(piece.text));
  const ownShare = coverageOf(weights, own);
  const whole = new Set([...own, ...terms([passage.title, ...passage.headings].join(' '))]);
  const share = ownShare === 0 ? 0 : ownShare + contextShare * (coverageOf(weights, whole) - ownShare);
  const factor = (1 - Math.min(0.5, rank * rankWeight)) * (isAboutAnother(asked, piece.text) ? otherThing : 1);
  return { text: piece.text, number: passage.number, score: share * factor, held: own };
}

/** True for a text that names a sibling of what was asked about and not that itself. */
function isAboutAnother(asked: readonly string[], text: string): boolean {
  if (asked.length === 0) return false;
  const named = findFacts(text).identifiers.map((each) => each.value);
  const family = (value: string) => value.replace(/\d.*$/, '');
  return !named.some((value) => asked.includes(value)) && named.some((value) => asked.some((one) => family(one) !== '' && family(one) === family(value)));
}

function choose(weights: Weights, candidates: readonly Candidate[]): Candidate[] {
  const best = candidates[0]?.score ?? 0;
  const chosen: Candidate[] = [];
  const held = new Set<string>();
  for (const candidate of candidates) {
    if (chosen.length >= quotesMax || candidate.score < shareOfBestMin * best) break;
    if (chosen.some((other) => isSame(other.held, candidate.held))) continue;
    const gain = coverageOf(weights, new Set([...held, ...candidate.held])) - coverageOf(weights, held);
    if (chosen.length > 0 && gain < gainMin && candidate.score < nearBest * best) continue;
    chosen.push(candidate);
    for (const term of candidate.held) held.add(term);
  }
  return chosen;
}

function isSame(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const term of left) if (right.has(term)) shared += 1;
  return shared / Math.max(1, Math.min(left.size, right.size)) >= 0.9;
}
