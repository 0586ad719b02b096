/** Pages, slides and sheets in words. Pure. */
import type { Format } from '#lib/documents/types.ts';

const nouns: Partial<Record<Format, string>> = { pptx: 'slide', xlsx: 'sheet' };

/** "page 3", "slide 3", "sheet 3" */
export function pageInWords(format: Format, page: number): string {
  return `${nouns[format] ?? 'page'} ${page}`;
}

/** "12 pages"; null where a format has none. */
export function pagesInWords(format: Format, count: number | null): string | null {
  if (count === null) return null;
  return `${count.toLocaleString('en')} ${nouns[format] ?? 'page'}${count === 1 ? '' : 's'}`;
}
