/**
 * Writes the PDF, Word, Excel and PowerPoint files of the demo company from `source/<collection>/<name>.<format>.md`.
 * Run with `node prisma/demo/build.ts` after changing a source; the files are committed. Markdown, HTML, text and CSV
 * documents are written by hand in `files/` and are not touched.
 */
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDocx } from './build/docx.ts';
import { makePdf } from './build/pdf.ts';
import { makePptx } from './build/pptx.ts';
import { readSource } from './build/source.ts';
import type { Source } from './build/source.ts';
import { makeXlsx } from './build/xlsx.ts';

const here = import.meta.dirname;
const makers: Readonly<Record<string, (source: Source) => Promise<Uint8Array> | Uint8Array>> = { docx: makeDocx, pdf: makePdf, pptx: makePptx, xlsx: makeXlsx };

/** Makes the file of one source, given relative to `source/`, such as `finance/budget-2026.xlsx.md`. */
export async function makeFile(relative: string): Promise<{ file: string; bytes: Uint8Array }> {
  const file = relative.replace(/\.md$/, '');
  const make = makers[path.extname(file).slice(1)];
  if (make === undefined) throw new Error(`${relative} does not say its format before .md`);
  return { file, bytes: await make(readSource(path.join(here, 'source', relative))) };
}

/** All sources, relative to `source/`, in order. */
export function listSources(): string[] {
  return globSync('**/*.md', { cwd: path.join(here, 'source') }).sort();
}

if (import.meta.main) {
  for (const relative of listSources()) {
    const { file, bytes } = await makeFile(relative);
    const target = path.join(here, 'files', file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
    process.stdout.write(`${file.padEnd(64)} ${(bytes.length / 1024).toFixed(0).padStart(5)} KiB\n`);
  }
}
