/**
 * The strings of one PDF page with their place, size and weight, as pdf.js reports them. Knows no lines yet.
 */
import type { PDFPageProxy } from 'pdfjs-dist';
import type { TextItem, TextMarkedContent, TextStyle } from 'pdfjs-dist/types/src/display/api.js';
import type { Piece, Rectangle } from './model.ts';

/** Whether a font is bold, by pdf.js's name for it; filled as pages with new fonts come by. */
export type FontWeights = Map<string, boolean>;

export interface PagePieces {
  width: number;
  height: number;
  pieces: Piece[];
}

export async function readPieces(page: PDFPageProxy, weights: FontWeights): Promise<PagePieces> {
  const viewport = page.getViewport({ scale: 1 });
  const content = await page.getTextContent({ includeMarkedContent: false });
  await learnWeights(page, Object.keys(content.styles), weights);
  const pieces: Piece[] = [];
  content.items.forEach((item, order) => {
    if (!isTextItem(item)) return;
    if (item.str.trim() === '') {
      const previous = pieces.at(-1);
      if (previous && item.str !== '') previous.spaceAfter = true;
      return;
    }
    const piece = placeItem(item, viewport.transform, content.styles[item.fontName]);
    const box = clip(piece, viewport);
    if (box) pieces.push({ ...piece, ...box, text: item.str, bold: weights.get(item.fontName) ?? false, rightToLeft: item.dir === 'rtl', order });
  });
  return { width: viewport.width, height: viewport.height, pieces: dropOverprints(pieces) };
}

function isTextItem(item: TextItem | TextMarkedContent): item is TextItem {
  return 'str' in item;
}

/** pdf.js reports a font's name only after a page's drawing operations are listed, so that is done for pages with new fonts. */
async function learnWeights(page: PDFPageProxy, fonts: readonly string[], weights: FontWeights): Promise<void> {
  if (fonts.every((font) => weights.has(font))) return;
  // A page whose drawing is broken can still have readable text; its fonts count as plain.
  await page.getOperatorList({ annotationMode: 0 }).catch(() => undefined);
  for (const font of fonts) {
    const details: unknown = page.commonObjs.has(font) ? page.commonObjs.get(font) : undefined;
    weights.set(font, isBold(details));
  }
}

/** "BX" and "Medi" are how TeX's own fonts and their clones say bold. */
const boldName = /bold|black|heavy|demi|(?:cm|sf|lm)(?:ss)?bx|[-,]medi\b/i;

function isBold(font: unknown): boolean {
  if (typeof font !== 'object' || font === null) return false;
  if (('bold' in font && font.bold === true) || ('black' in font && font.black === true)) return true;
  return 'name' in font && typeof font.name === 'string' && boldName.test(font.name);
}

type Placed = Pick<Piece, 'x' | 'y' | 'width' | 'height' | 'baseline' | 'size' | 'turned' | 'spaceAfter'>;

/** Applies the page's transform to the item's own and draws the box from baseline, ascent and descent. */
function placeItem(item: TextItem, page: readonly number[], style: TextStyle | undefined): Placed {
  const [a, b, c, d, e, f] = multiply(page, item.transform);
  const size = Math.hypot(c, d) || Math.hypot(a, b);
  const scale = Math.hypot(page[0] ?? 1, page[1] ?? 0);
  const along = unit(a, b);
  const up = unit(c, d);
  const length = (style?.vertical ? 0 : item.width) * scale;
  const ascent = boundedMeasure(style?.ascent, { fallback: 0.8, low: 0.5, high: 1.2 }) * size;
  const descent = boundedMeasure(style?.descent, { fallback: -0.2, low: -0.5, high: 0 }) * size;
  const corners = [[0, descent], [0, ascent], [length, descent], [length, ascent]].map(([right = 0, rise = 0]) => ({
    x: e + along[0] * right + up[0] * rise,
    y: f + along[1] * right + up[1] * rise,
  }));
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  const turned = Math.abs(along[1]) > 0.2 || along[0] < 0;
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y, baseline: f, size, turned, spaceAfter: /\s$/.test(item.str) };
}

type Matrix = readonly [number, number, number, number, number, number];

function multiply(outer: readonly number[], inner: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = outer;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

function unit(x: number, y: number): readonly [number, number] {
  const length = Math.hypot(x, y);
  return length === 0 ? [1, 0] : [x / length, y / length];
}

/** Fonts are free to claim anything about their height. */
function boundedMeasure(value: number | undefined, { fallback, low, high }: { fallback: number; low: number; high: number }): number {
  return value === undefined || !Number.isFinite(value) || value === 0 ? fallback : Math.min(high, Math.max(low, value));
}

/** The part of a box on the page; nothing for text outside it, which nobody sees. */
function clip(box: Rectangle, page: { width: number; height: number }): Rectangle | undefined {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const width = Math.min(page.width, box.x + box.width) - x;
  const height = Math.min(page.height, box.y + box.height) - y;
  const visible = [x, y, width, height].every(Number.isFinite) && width >= 0 && height > 0;
  return visible ? { x, y, width, height } : undefined;
}

/** Some programs draw bold text as the same string twice, a hair apart. */
function dropOverprints(pieces: readonly Piece[]): Piece[] {
  const seen = new Set<string>();
  return pieces.filter((piece) => {
    const key = `${Math.round(piece.x)} ${Math.round(piece.baseline)} ${piece.text}`;
    const near = `${Math.round(piece.x - 0.5)} ${Math.round(piece.baseline)} ${piece.text}`;
    if (seen.has(key) || seen.has(near)) return false;
    seen.add(key);
    return true;
  });
}
