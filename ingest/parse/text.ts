/**
 * Reads plain text: paragraphs by blank lines, headings where they are underlined or numbered and stand alone,
 * bullet lines as list items. Subtitle files (SubRip) are read as the words spoken.
 */
import type { Block } from '#lib/documents/types.ts';
import { createCollector, type Reader } from './collector.ts';
import { decodeText } from './decode.ts';

const bullet = /^\s*(?:[-*•‣◦▪–]\s+)/;
const number = /^\s*(?:\(?\d{1,3}[.)]|\(?[a-z][.)])\s+/;
const underline = /^\s*([=\-~^#*])\1{2,}\s*$/;

export const readText: Reader = async (bytes, limits) => {
  const { text, warning } = decodeText(bytes);
  const collector = createCollector(limits);
  if (warning) collector.warn(warning);
  if (/^\s*\d+\n\d{2}:\d{2}:\d{2}[,.]\d{3} --> /.test(text)) {
    const { readTranscript } = await import('./transcript.ts');
    for (const paragraph of await readTranscript(text)) collector.add({ kind: 'paragraph', text: paragraph });
    return collector.finish();
  }
  for (const paragraph of text.split(/\n[ \t\f]*(?:\n[ \t\f]*)+/)) {
    for (const block of readParagraph(paragraph)) collector.add(block);
  }
  return collector.finish();
};

function readParagraph(paragraph: string): Block[] {
  const lines = paragraph.split('\n').map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
  const [first, second, ...rest] = lines;
  if (first === undefined) return [];
  if (second !== undefined && underline.test(second)) {
    return [{ kind: 'heading', level: second.trim().startsWith('=') ? 1 : 2, text: first.trim() }, ...readLines(rest)];
  }
  if (lines.length === 1 && isHeading(first)) return [{ kind: 'heading', level: headingLevel(first), text: first.trim() }];
  return readLines(lines);
}

/** Lines of one paragraph; a line that begins with a bullet or number begins a list item. */
function readLines(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const isItem = bullet.test(line) || number.test(line);
    const last = blocks.at(-1);
    if (isItem) blocks.push({ kind: 'list-item', text: line.replace(bullet, '').trim() });
    else if (last) last.text += `\n${line.trim()}`;
    else blocks.push({ kind: 'paragraph', text: line.trim() });
  }
  return blocks;
}

/** Modest on purpose: a line on its own, short, numbered like a section or all in capitals, without a sentence's end. */
function isHeading(line: string): boolean {
  const text = line.trim();
  if (text.length > 80 || /[.,;:!?]$/.test(text) || !/\p{L}/u.test(text)) return false;
  const numbered = /^\d{1,2}(\.\d{1,2})*\.?\s+\p{Lu}/u.test(text);
  const capitals = text.length >= 4 && text === text.toUpperCase() && /\p{Lu}{2}/u.test(text);
  return numbered || capitals;
}

function headingLevel(line: string): number {
  const numbering = /^\s*(\d{1,2}(?:\.\d{1,2})*)/.exec(line)?.[1];
  return numbering ? Math.min(6, numbering.split('.').length + 1) : 2;
}
