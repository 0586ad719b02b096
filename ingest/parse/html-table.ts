/**
 * Tables of an HTML page as rows of cell texts. Tables that only arrange a page are recognised and left to the reader.
 */
import { Problem } from '#lib/errors.ts';
import type { Limits } from '#ingest/limits.ts';
import { attribute, isBlockLevel, isElement, isHidden, isTextNode, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** True for a table that holds another table, headings or only single-cell rows: it arranges the page and is read as flowing text. */
export function isLayoutTable(table: HtmlElement): boolean {
  let widest = 0;
  for (const row of rowsOf(table)) {
    const cells = cellsOf(row);
    widest = Math.max(widest, cells.length);
    if (cells.some((cell) => holdsStructure(cell))) return true;
  }
  return widest < 2;
}

function holdsStructure(cell: HtmlElement): boolean {
  const waiting: HtmlNode[] = [...cell.childNodes];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!isElement(node)) continue;
    if (/^(table|h[1-6])$/.test(node.tagName)) return true;
    waiting.push(...node.childNodes);
  }
  return false;
}

/** Rows in order, each a list of cell texts; a cell over several columns is followed by empty ones. */
export function readTableRows(table: HtmlElement, limits: Limits): { rows: string[][]; caption: string } {
  const caption = table.childNodes.filter(isElement).find((child) => child.tagName === 'caption');
  const rows: string[][] = [];
  for (const row of rowsOf(table)) {
    const cells = cellsOf(row).flatMap((cell) => [cellText(cell), ...Array<string>(spanOf(cell) - 1).fill('')]);
    if (cells.length > limits.columnsMax) throw new Problem('file-too-complex', { detail: `A table has more than ${limits.columnsMax} columns.` });
    rows.push(cells);
  }
  return { rows, caption: caption ? cellText(caption) : '' };
}

/** Rows of this table, not of one inside it. Headers first, footers last is what browsers show; people write them so already. */
function rowsOf(table: HtmlElement): HtmlElement[] {
  return table.childNodes.filter(isVisible).flatMap((child) => {
    if (child.tagName === 'tr') return [child];
    return /^(thead|tbody|tfoot)$/.test(child.tagName) ? child.childNodes.filter(isVisible).filter((row) => row.tagName === 'tr') : [];
  });
}

function cellsOf(row: HtmlElement): HtmlElement[] {
  return row.childNodes.filter(isVisible).filter((cell) => cell.tagName === 'td' || cell.tagName === 'th');
}

function isVisible(node: HtmlNode): node is HtmlElement {
  return isElement(node) && !isHidden(node);
}

function spanOf(cell: HtmlElement): number {
  const span = Number(attribute(cell, 'colspan') ?? '1');
  return Number.isInteger(span) && span >= 1 ? Math.min(span, 20) : 1;
}

function cellText(cell: HtmlElement): string {
  const parts: string[] = [];
  const waiting: (HtmlNode | string)[] = [...cell.childNodes].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node === 'string') parts.push(node);
    else if (isTextNode(node)) parts.push(node.value);
    else if (isElement(node) && node.tagName === 'br') parts.push(' ');
    else if (isVisible(node)) {
      const space = isBlockLevel(node) ? ' ' : '';
      waiting.push(space, ...[...node.childNodes].reverse());
      parts.push(space);
    }
  }
  return parts.join('').replace(/\s+/g, ' ').trim();
}
