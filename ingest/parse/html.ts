/**
 * Reads HTML as a person sees it: no scripts, styles or hidden text, nothing fetched, no entity beyond HTML's own.
 * The Word reader and Markdown's raw HTML come through here too.
 */
import { parse, parseFragment } from 'parse5';
import { Problem } from '#lib/errors.ts';
import type { Block } from '#lib/documents/types.ts';
import type { Limits } from '#ingest/limits.ts';
import { createCollector, type Collector, type Reader } from './collector.ts';
import { decodeText } from './decode.ts';
import { attribute, findElement, isBlockLevel, isElement, isHidden, isTextNode, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { isLayoutTable, readTableRows } from './html-table.ts';

interface Walk {
  collector: Collector;
  limits: Limits;
  /** Inline text gathered since the last block began or ended. */
  pending: string[];
}
interface Context {
  kind: Block['kind'];
  depth: number;
}

export const readHtml: Reader = async (bytes, limits) => {
  const { text, warning } = decodeText(bytes, declaredEncoding(bytes));
  const collector = createCollector(limits);
  if (warning) collector.warn(warning);
  const document = parse(text);
  walkHtml(document.childNodes, collector, limits);
  const title = findElement(document.childNodes, 'title');
  const heading = findElement(document.childNodes, 'h1');
  return collector.finish({ title: plainText(title) || plainText(heading) });
};

/** The blocks of a piece of HTML inside another format. */
export function readHtmlFragment(html: string, limits: Limits): Block[] {
  const blocks: Block[] = [];
  const collector = createCollector(limits);
  walkHtml(parseFragment(html).childNodes, { ...collector, add: (block) => void (block.text.trim() === '' || blocks.push(block)) }, limits);
  return blocks;
}

/** Adds the blocks of parsed HTML to a collector, in document order. */
export function walkHtml(nodes: readonly HtmlNode[], collector: Collector, limits: Limits): void {
  const walk: Walk = { collector, limits, pending: [] };
  const context: Context = { kind: 'paragraph', depth: 0 };
  walkNodes(nodes, walk, context);
  flush(walk, context);
}

/** `<meta charset>` or its older spelling, looked for where browsers look: in the first kilobyte. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  return /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1];
}

function walkNodes(nodes: readonly HtmlNode[], walk: Walk, context: Context): void {
  if (context.depth > walk.limits.depthMax) throw new Problem('file-too-complex', { detail: 'The page is nested deeper than is read.' });
  let item = 0;
  for (const node of nodes) {
    if (isTextNode(node)) walk.pending.push(node.value);
    if (!isElement(node) || isHidden(node)) continue;
    if (node.tagName === 'li') item = itemNumber(node, item);
    visit(node, walk, context);
  }
}

function visit(element: HtmlElement, walk: Walk, context: Context): void {
  const inner = { ...context, depth: context.depth + 1 };
  if (element.tagName === 'br') return void walk.pending.push('\u0085');
  if (!isBlockLevel(element)) return walkNodes(element.childNodes, walk, inner);
  flush(walk, context);
  const kind = kindOf(element, context);
  if (element.tagName === 'table' && !isLayoutTable(element)) return addTable(element, walk);
  if (element.tagName === 'pre') return walk.collector.add({ kind: 'code', text: preformattedText(element).replace(/^\n|\s+$/g, '') });
  if (kind === 'heading') return addHeading(element, walk, inner);
  if (element.tagName === 'li') walk.pending.push(attribute(element, 'data-number') ?? '');
  walkNodes(element.childNodes, walk, { ...inner, kind });
  flush(walk, { ...inner, kind });
}

function kindOf(element: HtmlElement, context: Context): Block['kind'] {
  if (/^h[1-6]$/.test(element.tagName)) return 'heading';
  if (element.tagName === 'li' || element.tagName === 'dd') return 'list-item';
  if (element.tagName === 'blockquote') return 'quote';
  return context.kind;
}

/** Ordered items are numbered on the element itself, so that the number can be put before their text. */
function itemNumber(item: HtmlElement, previous: number): number {
  const parent = item.parentNode;
  if (!parent || !('tagName' in parent) || parent.tagName !== 'ol') return 0;
  const start = previous === 0 ? Number(attribute(parent, 'start') ?? '1') : previous + 1;
  const number = Number(attribute(item, 'value') ?? start);
  if (Number.isInteger(number)) item.attrs.push({ name: 'data-number', value: `${number}. ` });
  return number;
}

function addHeading(element: HtmlElement, walk: Walk, context: Context): void {
  walkNodes(element.childNodes, { ...walk, collector: { ...walk.collector, add: () => undefined, addTable: () => undefined } }, context);
  const text = takePending(walk);
  if (text !== '') walk.collector.add({ kind: 'heading', level: Number(element.tagName.slice(1)), text });
}

function addTable(table: HtmlElement, walk: Walk): void {
  const { rows, caption } = readTableRows(table, walk.limits);
  if (caption) walk.collector.add({ kind: 'paragraph', text: caption });
  walk.collector.addTable(rows);
}

function flush(walk: Walk, context: Context): void {
  const text = takePending(walk);
  // A number without its text waits for the paragraph inside the same item.
  if (/^\d+\.$/.test(text) && context.kind === 'list-item') walk.pending.push(`${text} `);
  else if (text !== '') walk.collector.add({ kind: context.kind, text });
}

/** Inline text as a browser lays it out: runs of white space are one space, a line break is a line break. */
function takePending(walk: Walk): string {
  const text = walk.pending.join('').replace(/[ \t\n\f]+/g, ' ').replace(/ ?\u0085 ?/g, '\n').trim();
  walk.pending.length = 0;
  return text;
}

function preformattedText(element: HtmlElement): string {
  const parts: string[] = [];
  const waiting: HtmlNode[] = [...element.childNodes].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (isTextNode(node)) parts.push(node.value);
    else if (isElement(node) && node.tagName === 'br') parts.push('\n');
    else if (isElement(node) && !isHidden(node)) waiting.push(...[...node.childNodes].reverse());
  }
  return parts.join('');
}

function plainText(element: HtmlElement | undefined): string {
  return element ? preformattedText(element).replace(/\s+/g, ' ').trim() : '';
}
