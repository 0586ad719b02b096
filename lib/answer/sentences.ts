/**
 * Cuts text into sentences, in English, German and scripts that end a sentence with a sign of their own. Knows
 * abbreviations, numbers, dates and list items; citation marks after a full stop belong to the sentence before. Pure.
 */

export interface Span {
  start: number;
  end: number;
}

const abbreviations = new Set(`
  mr mrs ms dr prof st jr sr inc ltd co corp vs etc approx no nos fig figs sec art para p pp ed eds vol dept est max min tel ext e.g i.e eg ie cf al
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
  bzw ca evtl ggf inkl exkl zzgl usw vgl z.b zb d.h dh u.a ua o.ä s.o s.u i.d.r idr mind max str nr abs art bspw sog inkl tel zt z.t hr fr dipl ing abt
`.trim().split(/\s+/));
const germanMonths = /^(?:januar|jänner|februar|feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember)/i;
const marksAfter = /^(?:[ \t]*\[\d+(?:\s*,\s*\d+)*\])+/;
const closers = /^["'”’»)\]*_]+/;

/** Where the sentences of `text` stand, in order, without the space around them. Every line starts a new one. */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let lineStart = 0;
  while (lineStart <= text.length) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    addLine(text, { start: lineStart, end: lineEnd }, spans);
    lineStart = lineEnd + 1;
  }
  return spans;
}

function addLine(text: string, line: Span, spans: Span[]): void {
  let start = line.start;
  for (let index = line.start; index < line.end; index += 1) {
    const end = sentenceEnd(text, index, { start, end: line.end });
    if (end === undefined) continue;
    addSpan(text, { start, end }, spans);
    start = end;
    index = end - 1;
  }
  addSpan(text, { start, end: line.end }, spans);
}

function addSpan(text: string, span: Span, spans: Span[]): void {
  const piece = text.slice(span.start, span.end);
  const trimmed = piece.trim();
  if (trimmed === '') return;
  const start = span.start + piece.indexOf(trimmed);
  spans.push({ start, end: start + trimmed.length });
}

/** The end of a sentence whose final sign stands at `index`; undefined when that is none. */
function sentenceEnd(text: string, index: number, within: Span): number | undefined {
  const sign = text[index] ?? '';
  if ('。！？'.includes(sign)) return skipAfter(text, index + 1, within.end);
  if (!'.!?…'.includes(sign)) return undefined;
  const end = skipAfter(text, index + 1, within.end);
  const next = text.slice(end, within.end);
  if (next === '') return end;
  if (!/^\s/.test(next)) return undefined;
  if (sign !== '.') return /^\s+[\p{Ll}]/u.test(next) ? undefined : end;
  return endsWithDot(text.slice(within.start, index), next.trimStart()) ? end : undefined;
}

function skipAfter(text: string, from: number, lineEnd: number): number {
  let end = from;
  for (;;) {
    const rest = text.slice(end, lineEnd);
    const skipped = marksAfter.exec(rest) ?? closers.exec(rest);
    if (skipped === null) return end;
    end += skipped[0].length;
  }
}

function endsWithDot(before: string, next: string): boolean {
  if (/^[\p{Ll}]/u.test(next)) return false;
  const word = /[\p{L}\p{N}.]+$/u.exec(before)?.[0]?.toLowerCase() ?? '';
  if (abbreviations.has(word)) return false;
  // An initial ("J. Smith"), a German date or ordinal ("3. März"), the number of a list item ("1. First").
  if (/^\p{L}$/u.test(word)) return false;
  if (/^\d{1,3}$/.test(word)) return before.trim() !== word && !germanMonths.test(next);
  return true;
}
