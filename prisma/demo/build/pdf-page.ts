/**
 * The A4 page: its measures, colours and type, the title block, and the running header and footer.
 * Knows what is already filled of the current page; does not know what Markdown is.
 */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { breakLines, drawLabel, drawLine } from './pdf-text.ts';
import type { Pdf, TextStyle } from './pdf-text.ts';
import { dayInWords, frameWords } from './source.ts';
import type { Facts } from './source.ts';

/** Points. A4 is 595.28 by 841.89. */
export const page = { left: 70, right: 525.28, width: 455.28, top: 88, bottom: 760, middle: 297.64 } as const;
export const color = { ink: '#1c1e23', quiet: '#6d6b66', hairline: '#d8d5cd', strong: '#a9a69d', accent: '#1f5a9e', tint: '#f5f3ee' } as const;
export const type = {
  title: { size: 25, leading: 31, color: color.ink, font: 'semibold' },
  summary: { size: 11.5, leading: 18, color: color.quiet },
  section: { size: 14, leading: 20, color: color.ink, font: 'semibold' },
  part: { size: 10.8, leading: 16, color: color.ink, font: 'semibold' },
  body: { size: 9.8, leading: 15.4, color: color.ink },
  cell: { size: 8.8, leading: 13, color: color.ink },
  cellHead: { size: 8, leading: 12, color: color.quiet, font: 'medium' },
  label: { size: 7.6, leading: 11, color: color.quiet },
  fact: { size: 8.8, leading: 12.5, color: color.ink, font: 'medium' },
} as const satisfies Record<string, TextStyle>;

/** The document being written and how far the current page is filled. */
export interface Sheet {
  readonly doc: Pdf;
  readonly facts: Facts;
  y: number;
}

/** An empty document with the fonts registered and every date fixed to the day the document became valid. */
export function openSheet(facts: Facts): Sheet {
  const stamp = new Date(`${facts.valid}T08:00:00Z`);
  const doc = new PDFDocument({
    size: 'A4', margin: 0, bufferPages: true, autoFirstPage: false, lang: facts.language, displayTitle: true, pdfVersion: '1.7',
    info: { Title: facts.title, Author: `Halden Instruments, ${facts.owner}`, Subject: facts.summary, CreationDate: stamp, ModDate: stamp },
  });
  const resolve = createRequire(import.meta.url).resolve;
  const folder = resolve('geist/font').replace(/font\.js$/, 'fonts/geist-sans');
  for (const [name, file] of [['regular', 'Regular'], ['medium', 'Medium'], ['semibold', 'SemiBold'], ['italic', 'Italic']] as const) {
    doc.registerFont(name, `${folder}/Geist-${file}.ttf`);
  }
  const sheet = { doc, facts, y: page.top };
  turnPage(sheet);
  return sheet;
}

export function turnPage(sheet: Sheet): void {
  sheet.doc.addPage();
  sheet.y = page.top;
}

/** Turns the page unless `height` points are still free on this one. */
export function keepRoom(sheet: Sheet, height: number): void {
  if (sheet.y + height > page.bottom) turnPage(sheet);
}

export function drawHairline(doc: Pdf, { y, from = page.left, to = page.right, tone = color.hairline }: { y: number; from?: number; to?: number; tone?: string }): void {
  doc.moveTo(from, y).lineTo(to, y).lineWidth(0.5).strokeColor(tone).stroke();
}

/** Kind, title, summary and the four facts that open the first page. */
export function drawTitle(sheet: Sheet): void {
  const { doc, facts } = sheet;
  const words = frameWords[facts.language];
  sheet.y = 96;
  drawLabel(doc, facts.kind, { x: page.left, y: sheet.y, style: { ...type.fact, color: color.accent } });
  sheet.y += 20;
  drawWrapped(sheet, facts.title, type.title);
  sheet.y += 6;
  drawWrapped(sheet, facts.summary, type.summary);
  sheet.y += 18;
  drawHairline(doc, { y: sheet.y });
  const entries = [
    [words.document, `${facts.number}, ${words.version} ${facts.version}`], [words.valid, dayInWords(facts.valid, facts.language)],
    [words.owner, facts.owner], [words.applies, facts.applies],
  ] as const;
  const gap = 14;
  const width = (page.width - 3 * gap) / 4;
  const heights = entries.map(([label, value], index) => {
    const x = page.left + index * (width + gap);
    drawLabel(doc, label, { x, y: sheet.y + 10, style: type.label });
    const lines = breakLines(doc, [{ text: value, bold: false, italic: false }], { style: type.fact, width });
    lines.forEach((line, row) => drawLine(doc, line, { x, y: sheet.y + 21 + row * type.fact.leading, style: type.fact }));
    return lines.length * type.fact.leading;
  });
  sheet.y += 31 + Math.max(...heights);
  drawHairline(doc, { y: sheet.y });
  sheet.y += 14;
}

/** Header and footer of every page; only now is the number of pages known. */
export function drawFrames(sheet: Sheet): void {
  const { doc, facts } = sheet;
  const words = frameWords[facts.language];
  const { count } = doc.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    doc.switchToPage(index);
    doc.rect(page.left, 47.2, 6, 6).fill(color.accent);
    drawLabel(doc, 'Halden Instruments', { x: page.left + 12, y: 46, style: { ...type.fact, size: 8 } });
    drawLabel(doc, index === 0 ? facts.number : facts.title, { x: page.right, y: 46, style: { ...type.label, size: 8 }, end: true });
    drawHairline(doc, { y: 784 });
    drawLabel(doc, `${facts.number}, ${words.version} ${facts.version}`, { x: page.left, y: 793, style: type.label });
    drawLabel(doc, `${words.page} ${index + 1} ${words.of} ${count}`, { x: page.right, y: 793, style: type.label, end: true });
    drawLabel(doc, words.notice, { x: page.left, y: 805, style: { ...type.label, size: 6.6, color: color.strong } });
  }
}

function drawWrapped(sheet: Sheet, text: string, style: TextStyle): void {
  for (const line of breakLines(sheet.doc, [{ text, bold: false, italic: false }], { style, width: page.width })) {
    drawLine(sheet.doc, line, { x: page.left, y: sheet.y, style });
    sheet.y += style.leading;
  }
}
