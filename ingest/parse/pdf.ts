/**
 * Reads a PDF: the text of each page in reading order with the boxes over its lines. Pictures, forms, scripts and
 * attachments are not read. A page that fails is named in a warning; the others are kept.
 */
import { Problem } from '#lib/errors.ts';
import type { Limits } from '#ingest/limits.ts';
import { createCollector, type Collector, type Reader } from './collector.ts';
import { removeFurniture } from './pdf/furniture.ts';
import { readLines } from './pdf/lines.ts';
import type { Page } from './pdf/model.ts';
import { openPdf, type OpenPdf } from './pdf/open.ts';
import { readPieces, type FontWeights } from './pdf/pieces.ts';
import { buildBlocks } from './pdf/structure.ts';

export const readPdf: Reader = async (bytes, limits) => {
  const pdf = await openPdf(bytes);
  try {
    const collector = createCollector(limits);
    const pages = await readPages(pdf, limits, collector);
    const blocks = buildBlocks(removeFurniture(pages));
    for (const block of blocks) collector.add(block);
    const heading = blocks.find((block) => block.level === 1 && (block.page ?? 1) <= 2);
    return collector.finish({ title: (await readTitle(pdf)) ?? heading?.text, pageCount: pdf.document.numPages });
  } finally {
    await pdf.close();
  }
};

async function readPages(pdf: OpenPdf, limits: Limits, collector: Collector): Promise<Page[]> {
  const count = pdf.document.numPages;
  if (count > limits.pagesMax) throw new Problem('file-too-complex', { detail: `The PDF has ${count.toLocaleString('en')} pages; at most ${limits.pagesMax.toLocaleString('en')} are read. Split it into smaller files.` });
  const pages: Page[] = [];
  const weights: FontWeights = new Map();
  let characters = 0;
  let failed = 0;
  for (let number = 1; number <= count; number += 1) {
    const page = await readPage(pdf, number, weights);
    if (!page) {
      failed += 1;
      collector.warn(`Page ${number} is damaged and was left out.`, number);
      continue;
    }
    const onPage = page.lines.reduce((sum, line) => sum + line.text.length, 0);
    if (onPage === 0) collector.warn(`Page ${number} holds no text. If it is a scan, run text recognition on it first.`, number);
    characters += onPage;
    if (characters > limits.charactersMax) throw new Problem('file-too-complex', { detail: 'The PDF holds more text than is read from one file. Split it into smaller files.' });
    pages.push(page);
  }
  if (failed === count) throw new Problem('file-damaged', { detail: 'None of the pages of the PDF could be read.' });
  if (characters === 0) throw new Problem('file-no-text');
  return pages;
}

async function readPage(pdf: OpenPdf, number: number, weights: FontWeights): Promise<Page | undefined> {
  try {
    const page = await pdf.document.getPage(number);
    const pieces = await readPieces(page, weights);
    page.cleanup();
    return readLines(number, pieces);
  } catch {
    return undefined;
  }
}

/** The title that the file gives itself, unless it is one that a program made up. */
async function readTitle(pdf: OpenPdf): Promise<string | undefined> {
  const metadata = await pdf.document.getMetadata().catch(() => undefined);
  const title = metadata && 'Title' in metadata.info ? metadata.info.Title : undefined;
  if (typeof title !== 'string') return undefined;
  const text = title.trim();
  const isMadeUp = !/\p{L}{3}/u.test(text) || /^(?:microsoft (?:word|powerpoint|excel)|untitled|slide 1|document\d*$|powerpoint presentation)|\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|html?)$/i.test(text);
  return isMadeUp ? undefined : text;
}
