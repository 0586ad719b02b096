/**
 * Breaks styled runs into lines and draws them with pdfkit. Done here rather than by pdfkit because a line that mixes
 * weights, a table cell and a page end all need the lines before they are drawn. Knows nothing about pages.
 */
import type { Run } from './source.ts';

export type Pdf = PDFKit.PDFDocument;

export interface TextStyle {
  /** Points. */
  readonly size: number;
  readonly color: string;
  /** Points from one baseline to the next. */
  readonly leading: number;
  readonly font?: Font;
}
export type Font = 'regular' | 'medium' | 'semibold' | 'italic';

interface Piece {
  readonly text: string;
  readonly font: Font;
  readonly width: number;
}
export interface Line {
  readonly pieces: readonly Piece[];
  readonly width: number;
}

/** Lines of `runs` that are at most `width` points wide. A word that is wider than that stands alone and sticks out. */
export function breakLines(doc: Pdf, runs: readonly Run[], { style, width }: { style: TextStyle; width: number }): Line[] {
  const lines: Piece[][] = [[]];
  let filled = 0;
  for (const piece of runs.flatMap((run) => measureWords(doc, run, style))) {
    const current = lines.at(-1) ?? [];
    if (current.length > 0 && filled + widthWithoutSpace(doc, piece, style) > width) {
      lines.push([piece]);
      filled = piece.width;
    } else {
      current.push(piece);
      filled += piece.width;
    }
  }
  return lines.map((pieces) => {
    const last = pieces.at(-1);
    const trailing = last === undefined ? 0 : last.width - widthWithoutSpace(doc, last, style);
    return { pieces: joinPieces(pieces), width: pieces.reduce((sum, piece) => sum + piece.width, 0) - trailing };
  });
}

/** Draws one line with the top of its leading at `y`. */
export function drawLine(doc: Pdf, line: Line, { x, y, style }: { x: number; y: number; style: TextStyle }): void {
  let left = x;
  doc.fillColor(style.color);
  for (const piece of line.pieces) {
    doc.font(piece.font).fontSize(style.size).text(piece.text, left, y + (style.leading - style.size) / 2, { lineBreak: false });
    left += piece.width;
  }
}

/** Draws one short text that never breaks. `end` puts its right edge at `x`. */
export function drawLabel(doc: Pdf, text: string, place: { x: number; y: number; style: TextStyle; end?: boolean }): void {
  const { style, x, y } = place;
  doc.font(style.font ?? 'regular').fontSize(style.size).fillColor(style.color);
  doc.text(text, place.end === true ? x - doc.widthOfString(text) : x, y, { lineBreak: false });
}

function measureWords(doc: Pdf, run: Run, style: TextStyle): Piece[] {
  const font = run.bold ? 'semibold' : run.italic ? 'italic' : (style.font ?? 'regular');
  doc.font(font).fontSize(style.size);
  // A number keeps its unit: no line begins with "%" or "µm".
  return (run.text.match(/\S*\d(?: (?:%|µm|mm|m|kg|°C|h|N|s|V|euros))(?![\p{L}\d])\S*\s*|\S+\s*|\s+/gu) ?? []).map((text) => ({ text, font, width: doc.widthOfString(text) }));
}

function widthWithoutSpace(doc: Pdf, piece: Piece, style: TextStyle): number {
  const word = piece.text.trimEnd();
  return word === piece.text ? piece.width : doc.font(piece.font).fontSize(style.size).widthOfString(word);
}

function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.font === piece.font) joined[joined.length - 1] = { ...last, text: last.text + piece.text, width: last.width + piece.width };
    else joined.push(piece);
  }
  return joined;
}
