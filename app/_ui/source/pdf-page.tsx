/** One page of a PDF, sharp on any screen, with its text selectable and boxes drawn over the words of a passage. */
'use client';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import type { Box } from '#lib/documents/types.ts';
import { Skeleton } from '../primitives/skeleton.tsx';
import { loadPdfJs } from './pdf-document.ts';

interface PdfPageProps {
  document: PDFDocumentProxy;
  /** From 1. */
  page: number;
  /** In points, origin at the page's top left. Boxes of other pages are left out. */
  boxes: readonly Box[];
  /** Width in CSS pixels. */
  width: number;
  onError: (error: unknown) => void;
}

interface Size {
  width: number;
  height: number;
  /** CSS pixels per point. */
  scale: number;
}

export function PdfPage({ document: pdf, page, boxes, width, onError }: PdfPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const [drawn, setDrawn] = useState('');
  const key = `${page}@${width}`;

  useEffect(() => {
    const aborter = new AbortController();
    const targets = { canvas: canvas.current, words: words.current };
    drawPage(pdf, { page, width, targets, signal: aborter.signal, onSize: setSize }).then(
      () => !aborter.signal.aborted && setDrawn(key),
      (error: unknown) => !aborter.signal.aborted && onError(error),
    );
    return () => aborter.abort();
  }, [pdf, page, width, key, onError]);

  const here = boxes.filter((box) => box.page === page);
  return (
    <div data-pdf-page={page} data-drawn={drawn === key} className="relative mx-auto bg-white shadow-quiet ring-1 ring-line dark:brightness-90" style={{ width, height: size?.height ?? width * 1.414 }}>
      {drawn === '' && <Skeleton className="absolute inset-6 h-auto opacity-40" />}
      <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
      {size !== null && drawn === key && here.map((box, index) => <Highlight key={index} box={box} scale={size.scale} first={index === 0} />)}
      <div ref={words} className="pdf-words" />
    </div>
  );
}

/** Drawn over the canvas like a marker pen: the words stay black. */
function Highlight({ box, scale, first }: { box: Box; scale: number; first: boolean }) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (first) mark.current?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [first]);
  const grow = 1.5;
  return (
    <div
      ref={mark}
      aria-hidden
      data-highlight
      className="pointer-events-none absolute rounded-[2px] bg-[#ffeb99] mix-blend-multiply"
      style={{ left: box.x * scale - grow, top: box.y * scale - grow, width: box.width * scale + 2 * grow, height: box.height * scale + 2 * grow }}
    />
  );
}

interface Drawing {
  page: number;
  width: number;
  targets: { canvas: HTMLCanvasElement | null; words: HTMLDivElement | null };
  signal: AbortSignal;
  onSize: (size: Size) => void;
}

async function drawPage(pdf: PDFDocumentProxy, { page: number, width, targets, signal, onSize }: Drawing): Promise<void> {
  const { canvas, words } = targets;
  const [{ TextLayer }, page] = await Promise.all([loadPdfJs(), pdf.getPage(number)]);
  if (signal.aborted || canvas === null || words === null) return;
  const scale = width / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  const ratio = Math.min(window.devicePixelRatio, 3);
  // Drawn beside the page and copied over when finished, so that turning a page never shows a white one.
  const draft = document.createElement('canvas');
  draft.width = Math.floor(viewport.width * ratio);
  draft.height = Math.floor(viewport.height * ratio);
  const task = page.render({ canvas: draft, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
  signal.addEventListener('abort', () => task.cancel());
  await task.promise.catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (signal.aborted) return;
  canvas.width = draft.width;
  canvas.height = draft.height;
  canvas.getContext('2d')?.drawImage(draft, 0, 0);
  onSize({ width: viewport.width, height: viewport.height, scale });
  words.replaceChildren();
  words.style.setProperty('--total-scale-factor', String(scale));
  await new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport }).render();
}
