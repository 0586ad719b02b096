/**
 * Reads one human-written source: a few `key: value` lines between `---` and Markdown below them.
 * Knows nothing about the formats that are made from it.
 */
import { readFileSync } from 'node:fs';
import type { PhrasingContent, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { z } from 'zod';

const facts = z.strictObject({
  title: z.string(),
  /** What sort of paper it is: Policy, Procedure, Memo. */
  kind: z.string(),
  /** The company's own number of the document, such as HR-003. */
  number: z.string(),
  version: z.string(),
  /** ISO day from which it applies; also the date stamped into the file. */
  valid: z.iso.date(),
  owner: z.string(),
  applies: z.string(),
  summary: z.string(),
  language: z.enum(['en', 'de']).default('en'),
});

export type Facts = z.infer<typeof facts>;
export interface Source {
  readonly facts: Facts;
  readonly blocks: readonly RootContent[];
}

/** Words of the frame around a document, in the language of the document. */
export const frameWords = {
  en: { document: 'Document', version: 'version', valid: 'Valid from', owner: 'Owner', applies: 'Applies to', page: 'Page', of: 'of', notice: 'Demonstration document. Halden Instruments and every person named are invented.' },
  de: { document: 'Dokument', version: 'Version', valid: 'Gültig ab', owner: 'Verantwortlich', applies: 'Gilt für', page: 'Seite', of: 'von', notice: 'Demonstrationsdokument. Halden Instruments und alle genannten Personen sind erfunden.' },
} as const;

/** Parses a source file. Throws with the name of the file when a fact is missing or unknown. */
export function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8');
  const parts = /^---\n(?<head>[^]*?)\n---\n(?<body>[^]*)$/.exec(text)?.groups;
  if (parts?.['head'] === undefined || parts['body'] === undefined) throw new Error(`${file} does not begin with its facts between two lines of ---`);
  const pairs = parts['head'].split('\n').map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]);
  const result = facts.safeParse(Object.fromEntries(pairs));
  if (!result.success) throw new Error(`${file}: ${result.error.message}`);
  return { facts: result.data, blocks: unified().use(remarkParse).use(remarkGfm).parse(parts['body']).children };
}

/** A day in words: `1 March 2026`, or `1. März 2026` in German. */
export function dayInWords(day: string, language: Facts['language']): string {
  return new Intl.DateTimeFormat(language === 'de' ? 'de-AT' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
}

/** Inline Markdown as runs of one style each. Links keep their words and lose their target. */
export function toRuns(content: readonly PhrasingContent[], style: Omit<Run, 'text'> = { bold: false, italic: false }): Run[] {
  return content.flatMap((node): Run[] => {
    if (node.type === 'text' || node.type === 'inlineCode') return [{ ...style, text: node.value.replaceAll('\n', ' ') }];
    if (node.type === 'strong') return toRuns(node.children, { ...style, bold: true });
    if (node.type === 'emphasis') return toRuns(node.children, { ...style, italic: true });
    if (node.type === 'link' || node.type === 'delete') return toRuns(node.children, style);
    if (node.type === 'break') return [{ ...style, text: ' ' }];
    throw new Error(`Demo sources do not use ${node.type}`);
  });
}

/** The words of a block without any style. */
export function plainText(node: RootContent): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => plainText(child)).join('') : '';
}
