/**
 * Reads the citations a model writes while it writes them. Marks of every usual form become [1][2]; numbers that no
 * passage has are taken out and counted, so that an invented source is never shown. Pure; keeps only the few
 * characters that may still become a mark.
 */

export interface CitationReader {
  /** Takes the next piece and gives the text that is certain by now. */
  push: (piece: string) => string;
  /** Gives what was held back. */
  end: () => string;
  /** How many invented numbers were removed so far. */
  readonly invented: number;
}

// [1], [1, 2], [1-3], [^1], [Source 1], [Passage 2], 【1】, 【1†source】
const mark = /^(\s*)[[【][ \t]*(?:\^|#|(?:source|passage|document|doc|quelle|abschnitt|dokument)s?[ \t]*)?(\d{1,3}(?:[ \t]*(?:,|;|and|und|&|-|–)[ \t]*(?:\^|#)?\d{1,3})*)[ \t]*(?:†[\p{L}\d \t-]*)?[\]】]/iu;
const opening = /\s*[[【]/;
const markLengthMax = 48;
const numbersMax = 20;

/** A reader for an answer whose passages are numbered 1 to `count`. */
export function readCitations(count: number): CitationReader {
  let pending = '';
  let invented = 0;

  const replace = (found: RegExpExecArray): string => {
    const numbers = expand(found[2] ?? '');
    const real = numbers.filter((number) => number >= 1 && number <= count);
    invented += numbers.length - real.length;
    if (real.length === 0) return '';
    return `${found[1] ?? ''}${real.map((number) => `[${number}]`).join('')}`;
  };

  const take = (final: boolean): string => {
    let out = '';
    for (;;) {
      const at = opening.exec(pending);
      if (at === null) break;
      out += pending.slice(0, at.index);
      pending = pending.slice(at.index);
      const found = mark.exec(pending);
      if (found !== null && found[0].trimStart().length <= markLengthMax) {
        out += replace(found);
        pending = pending.slice(found[0].length);
        continue;
      }
      if (!final && couldBecomeMark(pending)) return out;
      // No mark: the bracket is text, and what follows it may still hold one.
      out += pending.slice(0, at[0].length);
      pending = pending.slice(at[0].length);
    }
    // White space is held back: an invented mark after it takes it along.
    const tail = final ? pending.length : pending.search(/\s*$/);
    out += pending.slice(0, tail);
    pending = pending.slice(tail);
    return out;
  };

  return {
    push(piece) {
      pending += piece;
      return take(false);
    },
    end: () => take(true),
    get invented() {
      return invented;
    },
  };
}

function couldBecomeMark(text: string): boolean {
  const inner = text.trimStart().slice(1);
  return inner.length < markLengthMax - 1 && /^[ \t\p{L}\d,;&^#†–-]*$/u.test(inner);
}

function expand(list: string): number[] {
  const numbers: number[] = [];
  for (const part of list.split(/\s*(?:,|;|and|und|&)\s*/i)) {
    const [first, last] = part.split(/\s*[-–]\s*/).map((digits) => Number(digits.replace(/\D/g, '')));
    if (first === undefined) continue;
    const end = last === undefined || last < first ? first : Math.min(last, first + numbersMax);
    for (let number = first; number <= end; number += 1) if (!numbers.includes(number)) numbers.push(number);
  }
  return numbers.slice(0, numbersMax);
}

/** The numbers a stretch of finished text cites, ascending, each once. */
export function citedNumbers(text: string): number[] {
  const numbers = [...text.matchAll(/\[(\d{1,3})\]/g)].map((found) => Number(found[1]));
  return [...new Set(numbers)].toSorted((left, right) => left - right);
}

/** Text without its citation marks. */
export function withoutCitations(text: string): string {
  return text.replace(/\s*\[\d{1,3}\]/g, '');
}
