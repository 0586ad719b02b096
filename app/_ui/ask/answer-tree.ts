/**
 * The answer's Markdown as a tree of plain elements. Safe by construction: links, images, HTML and definitions are
 * switched off in the parser and stay visible text, and what is left passes an allow-list. Two elements of our own are
 * put in afterwards: `citation` (number) for the marks [n], and `sentence` around what a check found weak or unsupported
 * (index; bare: only punctuation; last: the last piece of that sentence).
 */
import type { Element, ElementContent, Root, Text } from 'hast';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified, type Processor } from 'unified';
import type { Sentence } from '#lib/answer/events.ts';

const switchedOff = [
  'autolink', 'codeIndented', 'definition', 'htmlFlow', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink',
  'gfmFootnoteCall', 'gfmFootnoteDefinition', 'gfmPotentialFootnoteCall', 'wwwAutolink', 'protocolAutolink', 'emailAutolink', 'tasklistCheck',
];

const allowed = {
  tagNames: ['p', 'strong', 'em', 'del', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'br', 'hr'],
  attributes: { ol: ['start'], td: ['align'], th: ['align'] },
  protocols: {},
  ancestors: {},
  required: {},
  strip: ['script', 'style'],
  allowComments: false,
  allowDoctypes: false,
};

function switchOff(this: Processor): void {
  const data = this.data();
  (data.micromarkExtensions ??= []).push({ disable: { null: switchedOff } });
}

const processor = unified().use(remarkParse).use(remarkGfm).use(switchOff).use(remarkRehype).use(rehypeSanitize, allowed).freeze();

// Keeps a chip on the line of the word before it.
const wordJoiner = '\u2060';

export interface TreeOptions {
  sentences: readonly Sentence[];
  /** Numbers of the evidence there is; marks with any other number are not shown. */
  numbers: ReadonlySet<number>;
  /** While words still arrive, a mark cut off at the end is held back. */
  streaming: boolean;
}

export function answerTree(markdown: string, options: TreeOptions): Root {
  const text = options.streaming ? markdown.replace(/\s*\[[\d,\s]*$/u, '') : markdown;
  const tree = processor.runSync(processor.parse(text));
  const state: MarkState = { source: text, cursor: 0, options, lastWrapper: new Map() };
  markChildren(tree, state);
  for (const wrapper of state.lastWrapper.values()) wrapper.properties['last'] = true;
  return tree;
}

/** Sentences quoted from documents: one a paragraph, each ending in its mark. Their text is not Markdown and stays as it is. */
export function quotedTree(text: string, numbers: ReadonlySet<number>): Root {
  const children = text.split(/\n{2,}/u).filter((part) => part.trim() !== '').map((part): Element => {
    const mark = /\s*\[(\d{1,3})\]\s*$/u.exec(part);
    const number = Number(mark?.[1]);
    const words: Text = { type: 'text', value: mark === null ? part : part.slice(0, mark.index) + wordJoiner };
    const paragraph: Element = { type: 'element', tagName: 'p', properties: {}, children: numbers.has(number) ? [words, citation(number)] : [words] };
    return { type: 'element', tagName: 'blockquote', properties: {}, children: [paragraph] };
  });
  return { type: 'root', children };
}

interface MarkState {
  source: string;
  /** Offset in the source that the walk has reached. */
  cursor: number;
  options: TreeOptions;
  lastWrapper: Map<number, Element>;
}

function markChildren(parent: Root | Element, state: MarkState): void {
  const children: ElementContent[] = [];
  for (const child of parent.children) {
    if (child.type === 'text') children.push(...markText(child, state));
    else if (child.type === 'element') {
      if (child.tagName !== 'code' && child.tagName !== 'pre') markChildren(child, state);
      children.push(child);
    }
  }
  parent.children = children;
}

// The mark of one or several passages.
const citationMark = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/gu;
function markText(node: Text, state: MarkState): ElementContent[] {
  const start = offsetOf(node, state);
  state.cursor = start + node.value.length;
  const parts: ElementContent[] = [];
  let done = 0;
  for (const mark of node.value.matchAll(citationMark)) {
    const numbers = (mark[1] ?? '').split(',').map(Number).filter((number) => state.options.numbers.has(number));
    const before = node.value.slice(done, mark.index);
    parts.push(...splitAtSentences(before.trimEnd() + (numbers.length > 0 ? wordJoiner : ''), start + done, state));
    parts.push(...numbers.map(citation));
    done = mark.index + mark[0].length;
  }
  parts.push(...splitAtSentences(node.value.slice(done), start + done, state));
  return parts;
}

/** Where a text node begins in the source; searched for where the parser moved or unescaped it. */
function offsetOf(node: Text, { source, cursor }: MarkState): number {
  const start = node.position?.start.offset;
  if (start !== undefined && source.startsWith(node.value, start)) return start;
  const found = source.indexOf(node.value, cursor);
  return found >= 0 ? found : (start ?? cursor);
}

function splitAtSentences(text: string, start: number, state: MarkState): ElementContent[] {
  const parts: ElementContent[] = [];
  let done = 0;
  for (const [index, sentence] of state.options.sentences.entries()) {
    if (sentence.support !== 'weak' && sentence.support !== 'unsupported') continue;
    const from = Math.max(done, sentence.start - start);
    const to = Math.min(text.length, sentence.end - start);
    if (from >= to || text.slice(from, to).replaceAll(wordJoiner, '').trim() === '') continue;
    if (from > done) parts.push({ type: 'text', value: text.slice(done, from) });
    const wrapper: Element = { type: 'element', tagName: 'sentence', properties: { index, bare: !/[\p{L}\p{N}]/u.test(text.slice(from, to)) }, children: [{ type: 'text', value: text.slice(from, to) }] };
    state.lastWrapper.set(index, wrapper);
    parts.push(wrapper);
    done = to;
  }
  if (done < text.length) parts.push({ type: 'text', value: text.slice(done) });
  return parts;
}

function citation(number: number): Element {
  return { type: 'element', tagName: 'citation', properties: { number }, children: [] };
}
