/** A document without fixed pages, block by block, with a passage marked and in view. */
'use client';
import { useEffect, useRef } from 'react';
import type { Format, Place } from '#lib/documents/types.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { BlockText } from './block.tsx';
import { describePlace } from './describe-place.ts';
import { spanIn } from './marks.ts';
import { useBlocks, type NumberedBlock } from './use-blocks.ts';

interface BlockViewProps {
  /** "/api/documents/<id>/versions/<id>" */
  path: string;
  format: Format;
  /** The passage to mark; null shows the document from `startBlock`. */
  place: Place | null;
  startBlock?: number;
}

/** Give it a `key` of path and passage: another passage begins at its own place. */
export function BlockView({ path, format, place, startBlock = 0 }: BlockViewProps) {
  const { blocks, error, hasBefore, hasAfter, loadBefore, loadAfter, retry } = useBlocks(path, place?.from.block ?? startBlock, place?.to.block ?? startBlock);
  const box = useRef<HTMLDivElement>(null);
  const loaded = blocks !== null;
  useEffect(() => {
    if (!loaded) return;
    const target = box.current?.querySelector('mark') ?? box.current?.querySelector(`[data-block="${startBlock}"]`);
    if (startBlock > 0 || target?.tagName === 'MARK') target?.scrollIntoView({ block: 'center' });
  }, [loaded, startBlock]);

  if (error !== null && blocks === null) return <ErrorNote error={error} onRetry={retry} className="m-4" />;
  // Sheets use the room there is; sentences are cut at a length that the eye finds back from.
  const column = format === 'csv' || format === 'xlsx' ? '' : 'mx-auto max-w-[76ch]';
  return (
    <div ref={box} role="region" aria-label="Document text" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto bg-raised px-5 py-4 text-base leading-[22px] focus-visible:-outline-offset-2 md:px-8 md:py-6">
      <div className={column}>
        {blocks === null && <SkeletonLines label="Opening the document" lines={8} />}
        {hasBefore && <More onClick={loadBefore}>Show what comes before</More>}
        {blocks?.map((block, index) => (
          <div key={block.ordinal} data-block={block.ordinal} className={index === 0 ? '[&>*]:mt-0' : ''}>
            <PageMark block={block} before={blocks[index - 1]} format={format} />
            <BlockText block={block} span={place === null ? null : spanIn(place, block.ordinal, block.text.length)} />
          </div>
        ))}
        {error !== null && blocks !== null && <ErrorNote error={error} onRetry={retry} className="my-3" />}
        {hasAfter && <More onClick={loadAfter}>Show what follows</More>}
      </div>
    </div>
  );
}

function More({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button variant="quiet" size="sm" className="my-1 w-full border-dashed border-line font-normal" onClick={onClick}>
      {children}
    </Button>
  );
}

/** A line where a new page, slide or sheet begins. */
function PageMark({ block, before, format }: { block: NumberedBlock; before: NumberedBlock | undefined; format: Format }) {
  if (block.page === undefined || block.page === before?.page) return null;
  const place = { from: { block: 0, offset: 0 }, to: { block: 0, offset: 0 }, headings: [], page: block.page, ...(block.pageLabel === undefined ? {} : { pageLabel: block.pageLabel }) };
  const words = describePlace(format, place);
  return (
    <p className="mt-6! mb-2 flex items-center gap-3 text-xs text-ink-3 first:mt-0!">
      {words.charAt(0).toUpperCase() + words.slice(1)}
      <span aria-hidden className="h-px flex-1 bg-line-soft" />
    </p>
  );
}
