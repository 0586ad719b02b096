/**
 * Which reader reads which format. Each is loaded when it is needed: a child reads one file and ends.
 */
import type { Format } from '#lib/documents/types.ts';
import type { Reader } from './collector.ts';

const readers: Readonly<Record<Format, () => Promise<Reader>>> = {
  pdf: async () => (await import('./pdf.ts')).readPdf,
  docx: async () => (await import('./docx.ts')).readDocx,
  xlsx: async () => (await import('./xlsx.ts')).readXlsx,
  pptx: async () => (await import('./pptx.ts')).readPptx,
  markdown: async () => (await import('./markdown.ts')).readMarkdown,
  html: async () => (await import('./html.ts')).readHtml,
  text: async () => (await import('./text.ts')).readText,
  csv: async () => (await import('./csv.ts')).readCsv,
};

export function loadReader(format: Format): Promise<Reader> {
  return readers[format]();
}
