/**
 * Opens a PDF with pdf.js: no code from the file is run (this version of pdf.js has no eval to switch off), nothing is fetched, no picture is decoded, no canvas exists.
 * The only place that knows pdf.js's options and errors.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '#lib/errors.ts';
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';

/** A PDF that is open; `close` frees it. */
export interface OpenPdf {
  document: PDFDocumentProxy;
  close(): Promise<void>;
}

/** Throws file-encrypted when a password is asked for, file-damaged when it cannot be opened. */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const pdfjs = await loadPdfjs();
  const packageFolder = path.dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));
  const task: PDFDocumentLoadingTask = pdfjs.getDocument({
    // pdf.js takes its own copy apart; a Buffer is refused.
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    disableAutoFetch: true,
    enableXfa: false,
    stopAtErrors: false,
    // Font names tell bold text from plain.
    fontExtraProperties: true,
    // Pictures hold no text for us; one pixel is the largest that is decoded.
    maxImageSize: 1,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    cMapUrl: path.join(packageFolder, 'cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: path.join(packageFolder, 'standard_fonts/'),
    verbosity: 0,
  });
  try {
    return { document: await task.promise, close: () => task.destroy() };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') throw new Problem('file-encrypted', { cause });
    throw new Problem('file-damaged', { detail: 'The PDF is damaged or cut off and could not be opened.', cause });
  }
}

async function loadPdfjs(): Promise<typeof import('pdfjs-dist')> {
  // pdf.js looks for these to draw pages. We only read text, so empty ones keep it from loading a native canvas's versions.
  for (const name of ['DOMMatrix', 'Path2D', 'ImageData']) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: function Unused() {}, configurable: true, writable: true });
  }
  return import('pdfjs-dist/legacy/build/pdf.mjs');
}
