/**
 * Makes a PDF of a source: title block, headings, paragraphs, lists, tables and notes flowing over A4 pages.
 * A rule (`---`) in the source is a new page.
 */
import type { Blockquote, Heading, List, Paragraph, RootContent } from 'mdast';
import { breakLines, drawLabel, drawLine } from './pdf-text.ts';
import type { Line, TextStyle } from './pdf-text.ts';
import { color, drawFrames, drawTitle, keepRoom, openSheet, page, turnPage, type } from './pdf-page.ts';
import type { Sheet } from './pdf-page.ts';
import { drawTable, roomForTable } from './pdf-table.ts';
import { plainText, toRuns } from './source.ts';
import type { Source } from './source.ts';

/** The finished file. The same source gives the same bytes. */
export async function makePdf(source: Source): Promise<Uint8Array> {
  const sheet = openSheet(source.facts);
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve) => sheet.doc.on('end', resolve));
  sheet.doc.on('data', (part: Uint8Array) => parts.push(part));
  drawTitle(sheet);
  source.blocks.forEach((block, index) => drawBlock(sheet, block, source.blocks.slice(index + 1)));
  drawFrames(sheet);
  sheet.doc.end();
  await ended;
  return Buffer.concat(parts);
}

function drawBlock(sheet: Sheet, block: RootContent, following: readonly RootContent[]): void {
  if (block.type === 'heading') drawHeading(sheet, block, following);
  else if (block.type === 'paragraph') drawParagraph(sheet, block, { x: page.left, after: 9 });
  else if (block.type === 'list') drawList(sheet, block, page.left);
  else if (block.type === 'table') drawTable(sheet, block);
  else if (block.type === 'blockquote') drawNote(sheet, block);
  else if (block.type === 'thematicBreak') turnPage(sheet);
  else throw new Error(`Demo sources do not use ${block.type} in a PDF`);
}

/** A heading stays with what follows it: three lines of text, or an introduction and its table. */
function drawHeading(sheet: Sheet, heading: Heading, following: readonly RootContent[]): void {
  const section = heading.depth === 2;
  const style: TextStyle = section ? type.section : type.part;
  if (sheet.y > page.top) sheet.y += section ? 14 : 7;
  keepRoom(sheet, style.leading + roomAfterHeading(sheet, following));
  if (section) sheet.doc.outline.addItem(plainText(heading));
  for (const line of breakLines(sheet.doc, toRuns(heading.children), { style, width: page.width })) {
    drawLine(sheet.doc, line, { x: page.left, y: sheet.y, style });
    sheet.y += style.leading;
  }
  sheet.y += section ? 6 : 2;
}

function roomAfterHeading(sheet: Sheet, [next, second, third]: readonly RootContent[]): number {
  const text = 4 * type.body.leading;
  if (next?.type === 'table') return roomForTable(sheet.doc, next);
  if (next?.type === 'paragraph' && second?.type === 'table') return text + roomForTable(sheet.doc, second);
  if (next?.type === 'heading') return 30 + roomAfterHeading(sheet, second === undefined || third === undefined ? [] : [second, third]);
  return text;
}

function drawParagraph(sheet: Sheet, paragraph: Paragraph, { x, after }: { x: number; after: number }): void {
  const lines = breakLines(sheet.doc, toRuns(paragraph.children), { style: type.body, width: page.right - x });
  drawLines(sheet, lines, x);
  sheet.y += after;
}

/** Never leaves one line of a paragraph alone at the foot or at the head of a page. */
function drawLines(sheet: Sheet, lines: readonly Line[], x: number): void {
  lines.forEach((line, index) => {
    const together = index === 0 || index === lines.length - 2 ? Math.min(2, lines.length - index) : 1;
    keepRoom(sheet, together * type.body.leading);
    drawLine(sheet.doc, line, { x, y: sheet.y, style: type.body });
    sheet.y += type.body.leading;
  });
}

function drawList(sheet: Sheet, list: List, x: number): void {
  const indent = list.ordered === true ? 18 : 13;
  list.children.forEach((item, index) => {
    keepRoom(sheet, 2 * type.body.leading);
    const mark = list.ordered === true ? `${(list.start ?? 1) + index}.` : '•';
    const top = sheet.y + (type.body.leading - type.body.size) / 2;
    drawLabel(sheet.doc, mark, { x: x + 1, y: top, style: { ...type.body, color: color.quiet } });
    for (const child of item.children) {
      if (child.type === 'paragraph') drawParagraph(sheet, child, { x: x + indent, after: 3.5 });
      else if (child.type === 'list') drawList(sheet, child, x + indent);
    }
  });
  sheet.y += x === page.left ? 6 : 0;
}

/** A note stands on a tint with a bar at its left; it is short and never crosses a page. */
function drawNote(sheet: Sheet, note: Blockquote): void {
  const inset = 16;
  const paragraphs = note.children.filter((child) => child.type === 'paragraph')
    .map((child) => breakLines(sheet.doc, toRuns(child.children), { style: type.body, width: page.width - 2 * inset }));
  const height = paragraphs.reduce((sum, lines) => sum + lines.length * type.body.leading + 5, 0) + 17;
  keepRoom(sheet, height + 8);
  sheet.y += 2;
  sheet.doc.rect(page.left, sheet.y, page.width, height).fill(color.tint);
  sheet.doc.rect(page.left, sheet.y, 2, height).fill(color.accent);
  const bottom = sheet.y + height;
  sheet.y += 11;
  for (const lines of paragraphs) {
    drawLines(sheet, lines, page.left + inset);
    sheet.y += 5;
  }
  sheet.y = bottom + 13;
}
