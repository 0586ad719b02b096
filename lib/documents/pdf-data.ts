/** The data files that come with pdf.js: the same for everybody, and nothing of ours. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../errors.ts';

export const pdfDataFolders = ['cmaps', 'standard_fonts', 'iccs', 'wasm'] as const;

// One plain name: no separator, no leading dot.
const nameShape = /^[\w-]{1,80}(\.[\w-]{1,20}){0,3}$/;

/** The bytes of one file. Throws Problem 'not-found'. */
export async function readPdfData(folder: (typeof pdfDataFolders)[number], file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!nameShape.test(file)) throw new Problem('not-found');
  try {
    return new Uint8Array(await readFile(path.join(/*turbopackIgnore: true*/ process.cwd(), 'node_modules/pdfjs-dist', folder, file)));
  } catch (error) {
    throw new Problem('not-found', { cause: error });
  }
}
