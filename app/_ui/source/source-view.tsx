/** A version of a document as its reader knows it: PDF pages as pages, everything else as text, with a passage marked. */
'use client';
import dynamic from 'next/dynamic.js';
import type { Format, Place } from '#lib/documents/types.ts';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { BlockView } from './block-view.tsx';

// pdf.js is large and needs a browser; it is fetched when the first PDF is opened.
const PdfView = dynamic(() => import('./pdf-view.tsx').then((module) => module.PdfView), { ssr: false, loading: () => <SkeletonLines label="Opening the PDF" lines={8} className="p-6" /> });

interface SourceViewProps {
  documentId: string;
  versionId: string;
  format: Format;
  /** The passage to mark; null for none. */
  place: Place | null;
  /** Where to begin without a passage: a PDF page (from 1) or a block (from 0). */
  startPage?: number;
  startBlock?: number;
}

export function SourceView({ documentId, versionId, format, place, startPage, startBlock }: SourceViewProps) {
  const path = `/api/documents/${documentId}/versions/${versionId}`;
  const key = `${versionId}:${place?.from.block ?? ''}.${place?.from.offset ?? ''}:${startPage ?? ''}:${startBlock ?? ''}`;
  if (format === 'pdf') return <PdfView key={key} url={`${path}/file`} page={place?.page ?? startPage ?? 1} {...(place?.boxes === undefined ? {} : { boxes: place.boxes })} />;
  return <BlockView key={key} path={path} format={format} place={place} {...(startBlock === undefined ? {} : { startBlock })} />;
}
