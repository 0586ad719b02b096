/**
 * Makes a slide deck of a source: a title slide, then a slide for each `##` with its bullets or table.
 * A quoted block (`>`) holds the speaker notes of its slide.
 */
import PptxGenJS from 'pptxgenjs';
import type { List, RootContent, Table } from 'mdast';
import { fixTimes } from './archive.ts';
import { dayInWords, frameWords, plainText, toRuns } from './source.ts';
import type { Facts, Source } from './source.ts';
import { splitByHeading } from './xlsx.ts';

type Slide = PptxGenJS.Slide;
const color = { ink: '1C1E23', quiet: '6D6B66', accent: '1F5A9E', hairline: 'D8D5CD' };
const fontFace = 'Calibri';

/** The finished file. The same source gives the same bytes. */
export async function makePptx(source: Source): Promise<Uint8Array> {
  const { facts } = source;
  const deck = new PptxGenJS();
  deck.layout = 'LAYOUT_WIDE';
  deck.title = facts.title;
  deck.subject = facts.summary;
  deck.author = facts.owner;
  deck.company = 'Halden Instruments';
  deck.theme = { headFontFace: fontFace, bodyFontFace: fontFace };
  defineMasters(deck, facts);
  drawTitle(deck.addSlide({ masterName: 'Title' }), facts);
  for (const [title, blocks] of splitByHeading(source.blocks)) drawSlide(deck.addSlide({ masterName: 'Content' }), title, blocks);
  const bytes = await deck.write({ outputType: 'uint8array', compression: true });
  if (!(bytes instanceof Uint8Array)) throw new Error('The slide library did not give bytes');
  return fixTimes(bytes, facts.valid);
}

function defineMasters(deck: PptxGenJS, facts: Facts): void {
  const small = { fontFace, fontSize: 10, color: color.quiet };
  deck.defineSlideMaster({ title: 'Title', background: { color: 'F5F3EE' }, objects: [{ rect: { x: 0, y: 0, w: 0.14, h: 7.5, fill: { color: color.accent } } }] });
  deck.defineSlideMaster({
    title: 'Content', background: { color: 'FFFFFF' },
    objects: [
      { placeholder: { options: { name: 'title', type: 'title', x: 0.8, y: 0.5, w: 11.7, h: 0.9, fontFace, fontSize: 28, bold: true, color: color.ink, align: 'left', valign: 'middle' }, text: '' } },
      { placeholder: { options: { name: 'body', type: 'body', x: 0.8, y: 1.6, w: 11.7, h: 5.0, fontFace, fontSize: 18, color: color.ink, valign: 'top' }, text: '' } },
      { line: { x: 0.8, y: 6.85, w: 11.7, h: 0, line: { color: color.hairline, width: 0.75 } } },
      { text: { text: `Halden Instruments   ${facts.number}, ${facts.version}`, options: { x: 0.7, y: 6.92, w: 6, h: 0.3, ...small } } },
    ],
    slideNumber: { x: 12.0, y: 6.92, w: 0.6, h: 0.3, align: 'right', ...small },
  });
}

function drawTitle(slide: Slide, facts: Facts): void {
  const words = frameWords[facts.language];
  slide.addText(facts.kind, { x: 0.9, y: 1.7, w: 11, h: 0.4, fontFace, fontSize: 16, color: color.accent, bold: true });
  slide.addText(facts.title, { x: 0.9, y: 2.15, w: 11.2, h: 1.2, fontFace, fontSize: 40, color: color.ink, bold: true, valign: 'top' });
  slide.addText(facts.summary, { x: 0.9, y: 3.5, w: 10, h: 0.9, fontFace, fontSize: 18, color: color.quiet, valign: 'top' });
  slide.addText(`${facts.owner}   ${dayInWords(facts.valid, facts.language)}`, { x: 0.9, y: 6.2, w: 11, h: 0.35, fontFace, fontSize: 12, color: color.quiet });
  slide.addText(words.notice, { x: 0.9, y: 6.6, w: 11, h: 0.3, fontFace, fontSize: 10, color: color.quiet });
  slide.addNotes(`${facts.title}. ${facts.summary} ${words.applies}: ${facts.applies}.`);
}

function drawSlide(slide: Slide, title: string, blocks: readonly RootContent[]): void {
  slide.addText(title, { placeholder: 'title' });
  const table = blocks.find((block): block is Table => block.type === 'table');
  const lines = blocks.flatMap((block) => (block.type === 'list' ? toBullets(block, 0) : block.type === 'paragraph' ? [{ text: plainText(block), options: { breakLine: true } }] : []));
  if (lines.length > 0) slide.addText(lines, table === undefined ? { placeholder: 'body' } : { x: 0.8, y: 5.0, w: 11.7, h: 1.7, fontFace, fontSize: 16, color: color.ink, valign: 'top' });
  if (table !== undefined) drawTable(slide, table);
  const notes = blocks.flatMap((block) => (block.type === 'blockquote' ? block.children.map((child) => plainText(child).replaceAll('\n', ' ')) : []));
  if (notes.length > 0) slide.addNotes(notes.join('\n'));
}

function toBullets(list: List, indentLevel: number): PptxGenJS.TextProps[] {
  return list.children.flatMap((item) => item.children.flatMap((child): PptxGenJS.TextProps[] => {
    if (child.type === 'list') return toBullets(child, indentLevel + 1);
    const text = plainText(child).replaceAll('\n', ' ');
    return [{ text, options: { bullet: list.ordered === true ? { type: 'number' } : true, indentLevel, breakLine: true, paraSpaceAfter: 8 } }];
  }));
}

function drawTable(slide: Slide, table: Table): void {
  const none: PptxGenJS.BorderProps = { type: 'none' };
  const hairline: PptxGenJS.BorderProps = { type: 'solid', color: color.hairline, pt: 0.75 };
  const rows = table.children.map((row, number) => row.children.map((cell, index) => ({
    text: toRuns(cell.children).map((run) => run.text).join(''),
    options: { bold: number === 0, color: number === 0 ? color.quiet : color.ink, align: table.align?.[index] === 'right' ? 'right' as const : 'left' as const },
  })));
  slide.addTable(rows, { x: 0.8, y: 1.55, w: 11.7, fontFace, fontSize: 14, border: [none, none, hairline, none], margin: [0.05, 0.1, 0.05, 0.05] });
}
