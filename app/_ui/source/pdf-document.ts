/**
 * Opens PDF files in the browser with pdf.js: its worker comes from our own bundle, its fonts and character maps from
 * our own server, nothing from anywhere else. Scripts inside a PDF are never run and forms never drawn.
 */
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import { ProblemError } from '../client/problem.ts';

type PdfJs = typeof import('pdfjs-dist');

let library: Promise<PdfJs> | undefined;

/** pdf.js, loaded when the first PDF is shown. */
export async function loadPdfJs(): Promise<PdfJs> {
  library ??= import('pdfjs-dist').then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerPort = new Worker(new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url), { type: 'module' });
    return pdfjs;
  });
  return library;
}

const openMax = 3;
const open = new Map<string, { task: Promise<PDFDocumentLoadingTask>; document: Promise<PDFDocumentProxy> }>();

/** The document at one of our addresses. The last few stay open. Throws ProblemError. */
export async function openPdf(url: string): Promise<PDFDocumentProxy> {
  const known = open.get(url);
  if (known !== undefined) {
    open.delete(url);
    open.set(url, known);
    return known.document;
  }
  const task = loadPdfJs().then((pdfjs) => pdfjs.getDocument({ url, ...options(), disableAutoFetch: true, disableStream: true }));
  const document = task.then((started) => started.promise).catch((error: unknown) => {
    open.delete(url);
    throw asProblem(error);
  });
  open.set(url, { task, document });
  closeOldest();
  return document;
}

function closeOldest(): void {
  const [oldest] = open.entries();
  if (open.size <= openMax || oldest === undefined) return;
  open.delete(oldest[0]);
  void oldest[1].task.then((task) => task.destroy()).catch(() => undefined);
}

/** Folders of pdf.js's own data; the worker asks for files in them when a PDF leaves out its fonts or maps. */
function options() {
  const base = `${window.location.origin}/api/pdf-data`;
  return {
    cMapUrl: `${base}/cmaps/`,
    standardFontDataUrl: `${base}/standard_fonts/`,
    iccUrl: `${base}/iccs/`,
    wasmUrl: `${base}/wasm/`,
    // WebAssembly would need a weaker content security policy.
    useWasm: false,
    enableXfa: false,
  };
}

function asProblem(error: unknown): ProblemError {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
  const detail =
    status === 404 || status === 403
      ? 'You may no longer read this document, or it has been deleted. The exact text that the model was given is still shown under "Exact text".'
      : 'The pages of this PDF could not be shown. The exact text that the model was given is shown under "Exact text".';
  return new ProblemError({ code: 'source-unavailable', status, detail, requestId: null, cause: error });
}
