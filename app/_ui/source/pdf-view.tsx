/** A PDF, one page at a time: turn pages, zoom, and see the passage marked. */
'use client';
import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Box } from '#lib/documents/types.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { openPdf } from './pdf-document.ts';
import { PdfPage } from './pdf-page.tsx';

interface PdfViewProps {
  /** Address of the file, one of ours. */
  url: string;
  /** Page to begin with, from 1. */
  page: number;
  boxes?: readonly Box[];
}

const noBoxes: readonly Box[] = [];
/** Times the width that is there: a page begins whole, also on a phone, where one step makes it readable. */
const zooms = [1, 1.5, 2, 3];

/** Give it a `key` of url and passage: another passage begins at its own page. */
export function PdfView({ url, page: firstPage, boxes = noBoxes }: PdfViewProps) {
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [page, setPage] = useState(firstPage);
  const [zoom, setZoom] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const onError = useCallback((failure: unknown) => setError(failure), []);

  useEffect(() => {
    let current = true;
    openPdf(url).then(
      (opened) => current && setPdf(opened),
      (failure: unknown) => current && setError(failure),
    );
    return () => {
      current = false;
    };
  }, [url, attempt]);

  const retry = (): void => {
    setError(null);
    setAttempt(attempt + 1);
  };
  const pages = pdf?.numPages ?? null;
  const shown = pages === null ? page : Math.min(Math.max(1, page), pages);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={box} role="region" aria-label={`Page ${shown}`} tabIndex={0} className="min-h-0 flex-1 overflow-auto bg-panel p-2 sm:p-4 focus-visible:-outline-offset-2">
        {error !== null && <ErrorNote error={error} onRetry={retry} />}
        {error === null && (pdf === null || width === 0) && <SkeletonLines label="Opening the PDF" lines={8} />}
        {error === null && pdf !== null && width > 0 && <PdfPage document={pdf} page={shown} boxes={boxes} width={Math.floor(width * (zooms[zoom] ?? 1))} onError={onError} />}
      </div>
      <div className="flex h-9 shrink-0 items-center gap-0.5 border-t border-line-soft bg-raised px-2 text-xs text-ink-2">
        <Button variant="quiet" size="icon-sm" aria-label="Previous page" disabled={shown <= 1} onClick={() => setPage(shown - 1)}>
          <ChevronLeft />
        </Button>
        <span aria-live="polite" className="px-1 tabular-nums">
          Page {shown}
          {pages !== null && ` of ${pages}`}
        </span>
        <Button variant="quiet" size="icon-sm" aria-label="Next page" disabled={pages === null || shown >= pages} onClick={() => setPage(shown + 1)}>
          <ChevronRight />
        </Button>
        {shown !== firstPage && (
          <Button variant="quiet" size="sm" className="h-6 font-normal" onClick={() => setPage(firstPage)}>
            Back to page {firstPage}
          </Button>
        )}
        <span className="flex-1" />
        <Button variant="quiet" size="icon-sm" aria-label="Smaller" disabled={zoom === 0} onClick={() => setZoom(zoom - 1)}>
          <ZoomOut />
        </Button>
        <Button variant="quiet" size="icon-sm" aria-label="Larger" disabled={zoom === zooms.length - 1} onClick={() => setZoom(zoom + 1)}>
          <ZoomIn />
        </Button>
      </div>
    </div>
  );
}

/** Width inside the box's padding. Follows the window only when it has come to rest: each change draws the page anew. */
function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = (): void => {
      const style = getComputedStyle(element);
      setWidth(Math.floor(element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight)));
    };
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(measure, 120);
    });
    measure();
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [box]);
  return width;
}
