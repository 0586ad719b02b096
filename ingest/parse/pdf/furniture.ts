/**
 * Takes running headers, footers and page numbers off the pages: they repeat, say nothing about the passage they
 * interrupt, and would be found by every question.
 */
import type { Page, PageLine } from './model.ts';

/** The part of the page's height, above and below, where running lines stand. */
const margin = 0.13;
/** Running lines come in a few rows at most; a page of three lines is not all header. */
const rowsMax = 4;
const pageNumber = /^(?:(?:page|seite|p\.|s\.)\s*)?[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|\/|von|de)\s*\d{1,4})?[-–—|\s]*$/i;

/** The pages without the lines that run through them. */
export function removeFurniture(pages: readonly Page[]): Page[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(marginLines(page).map((line) => keyOf(line, page)))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return pages.map((page) => {
    const running = new Set(marginLines(page).filter((line) => isRunning(line, counts.get(keyOf(line, page)) ?? 0, pages.length)));
    return { ...page, lines: page.lines.filter((line) => !running.has(line)) };
  });
}

/** Lines near an edge of the page, and its very first and last line wherever they stand. */
function marginLines(page: Page): PageLine[] {
  const downwards = [...page.lines].sort((left, right) => left.y - right.y);
  const head = downwards.filter((line, index) => index === 0 || line.y + line.height < page.height * margin).slice(0, rowsMax);
  const foot = downwards.filter((line, index) => index === downwards.length - 1 || line.y > page.height * (1 - margin)).slice(-rowsMax);
  return [...new Set([...head, ...foot])];
}

/** Lines that differ only in their numbers are the same running line. */
function keyOf(line: PageLine, page: Page): string {
  const edge = line.y < page.height / 2 ? 'head' : 'foot';
  const text = pageNumber.test(line.text) ? '#' : line.text.replace(/\d+/g, '#');
  return `${edge} ${text.replace(/\s+/g, ' ').toLowerCase()}`;
}

function isRunning(line: PageLine, count: number, pages: number): boolean {
  if (pages < 2) return false;
  if (pageNumber.test(line.text)) return count >= Math.max(2, pages * 0.25);
  return count >= Math.max(Math.min(3, pages), pages * 0.12);
}
