/** Keeps what a reader needs once: near copies of a passage are dropped, and one document does not crowd out the others. Pure. */
import { terms } from './terms.ts';

/** A document that is quoted more often than this in one answer leaves no room for another that disagrees. */
const perDocumentMax = 3;
/** Shared words over all words from which two passages say the same. */
const sameFrom = 0.9;

interface Judged {
  documentId: string;
  text: string;
}

/** The first `limit` of `passages`, best first, without near copies and with at most three of one document. */
export function keepDistinct<Passage extends Judged>(passages: readonly Passage[], limit: number): Passage[] {
  const kept: { passage: Passage; words: Set<string> }[] = [];
  const perDocument = new Map<string, number>();
  for (const passage of passages) {
    if (kept.length >= limit) break;
    const count = perDocument.get(passage.documentId) ?? 0;
    if (count >= perDocumentMax) continue;
    const words = new Set(terms(passage.text));
    if (kept.some((other) => similarity(other.words, words) >= sameFrom)) continue;
    perDocument.set(passage.documentId, count + 1);
    kept.push({ passage, words });
  }
  return kept.map(({ passage }) => passage);
}

/** Jaccard similarity. */
function similarity(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of left) if (right.has(word)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 1 : shared / all;
}
