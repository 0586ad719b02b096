/**
 * Reads Markdown (CommonMark with GitHub's tables and lists). Front matter is not text, except for its title.
 * Links and pictures count only by what a person sees: the words of a link, nothing of a picture.
 */
import type { Nodes, Parents, PhrasingContent, Root, Table } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { Problem } from '#lib/errors.ts';
import type { Block } from '#lib/documents/types.ts';
import type { Limits } from '#ingest/limits.ts';
import { createCollector, type Collector, type Reader } from './collector.ts';
import { decodeText } from './decode.ts';
import { readHtmlFragment } from './html.ts';

interface Walk {
  collector: Collector;
  limits: Limits;
  kind: Block['kind'];
  depth: number;
  /** Put before the next paragraph: the number of an ordered list's item. */
  marker?: string;
}

export const readMarkdown: Reader = async (bytes, limits) => {
  const { text, warning } = decodeText(bytes);
  const collector = createCollector(limits);
  if (warning) collector.warn(warning);
  const { body, title } = splitFrontMatter(text);
  const root: Root = unified().use(remarkParse).use(remarkGfm).parse(body);
  walkChildren(root, { collector, limits, kind: 'paragraph', depth: 0 });
  const heading = root.children.filter((node) => node.type === 'heading').find((node) => node.depth === 1);
  return collector.finish({ title: title ?? (heading ? textOf(heading) : undefined) });
};

/** Front matter is the YAML between two `---` lines at the very top. Only its title is used, so no YAML reader is needed. */
function splitFrontMatter(text: string): { body: string; title?: string } {
  const match = /^---[ \t]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (!match) return { body: text };
  const title = /^title:[ \t]*(["']?)(.+?)\1[ \t]*$/m.exec(match[1] ?? '')?.[2];
  const body = text.slice(match[0].length);
  return title === undefined ? { body } : { body, title };
}

function walkChildren(parent: Parents, walk: Walk): void {
  if (walk.depth > walk.limits.depthMax) throw new Problem('file-too-complex', { detail: 'The text is nested deeper than is read.' });
  const inner: Walk = { ...walk, depth: walk.depth + 1 };
  for (const node of parent.children) {
    visit(node, inner);
    delete inner.marker;
  }
}

function visit(node: Nodes, walk: Walk): void {
  const { collector, kind, marker = '' } = walk;
  switch (node.type) {
    case 'heading':
      return collector.add({ kind: 'heading', level: node.depth, text: textOf(node).trim() });
    case 'paragraph':
      return collector.add({ kind, text: marker + textOf(node).trim() });
    case 'code':
      return collector.add({ kind: 'code', text: node.value });
    case 'table':
      return collector.addTable(readTable(node));
    case 'html':
      for (const block of readHtmlFragment(node.value, walk.limits)) collector.add(block);
      return;
    case 'blockquote':
      return walkChildren(node, { ...walk, kind: 'quote' });
    case 'list':
      node.children.forEach((item, index) => {
        const start = node.ordered ? `${(node.start ?? 1) + index}. ` : '';
        walkChildren(item, { ...walk, kind: 'list-item', marker: start });
      });
      return;
    case 'footnoteDefinition':
      return walkChildren(node, { ...walk, marker: `[${node.label ?? node.identifier}] ` });
    default:
      return;
  }
}

function readTable(table: Table): string[][] {
  return table.children.map((row) => row.children.map((cell) => textOf(cell)));
}

function textOf(node: { children: PhrasingContent[] }): string {
  return node.children.map(inlineText).join('');
}

function inlineText(node: PhrasingContent): string {
  if (node.type === 'break') return '\n';
  if (node.type === 'html') return /^<br\b/i.test(node.value) ? '\n' : '';
  if (node.type === 'footnoteReference') return `[${node.label ?? node.identifier}]`;
  if ('children' in node) return textOf(node);
  return node.type === 'text' || node.type === 'inlineCode' ? node.value.replace(/\n/g, ' ') : '';
}
