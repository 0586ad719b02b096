/** The passages that a version was cut into: what search finds and a model is given. The arrow keys go through them. */
'use client';
import { TextSearch } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { Format, Passage, VersionRow } from '#lib/documents/types.ts';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { describePlace } from '../source/describe-place.ts';
import type { ChosenPlace } from './use-chosen-place.ts';

export function PassageList({ version, chosen }: { version: VersionRow; chosen: ChosenPlace }) {
  const { passages, passage: marked, choosePassage } = chosen;
  const list = useRef<HTMLOListElement>(null);
  const markedOrdinal = marked?.ordinal ?? null;
  useEffect(() => {
    const row = markedOrdinal === null ? null : list.current?.querySelector(`[data-passage="${markedOrdinal}"]`);
    // Only the list moves: on a phone it stands below the source, which must stay in view.
    if (row instanceof HTMLElement && window.matchMedia('(min-width: 64rem)').matches) row.scrollIntoView({ block: 'nearest' });
  }, [markedOrdinal]);
  if (version.state !== 'ready') {
    return <EmptyState icon={TextSearch} title={version.state === 'failed' ? 'No passages' : 'Passages appear here once this version is ready'} />;
  }
  if (passages.error !== null && passages.items === undefined) return <ErrorNote error={passages.error} onRetry={passages.reload} className="m-4" />;
  const { items } = passages;
  if (items === undefined) return <SkeletonLines lines={8} label="Reading the passages" className="p-4" />;
  const onKeyDown = (event: KeyboardEvent<HTMLOListElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = items.findIndex(({ ordinal }) => document.activeElement?.getAttribute('data-passage') === String(ordinal));
    const next = step === 0 ? undefined : items[at + step];
    if (next === undefined) return;
    event.preventDefault();
    choosePassage(next);
    const row = event.currentTarget.querySelector(`[data-passage="${next.ordinal}"]`);
    if (row instanceof HTMLElement) row.focus();
  };
  const reachable = marked ?? items[0];
  return (
    <div>
      <p className="px-4 pt-3 pb-2 text-xs text-ink-3">What search finds and a model is given. Choose one to see it in its place.</p>
      <ol ref={list} onKeyDown={onKeyDown} className="grid">
        {items.map((passage) => (
          <PassageItem key={passage.ordinal} passage={passage} format={version.format} marked={passage.ordinal === markedOrdinal} reachable={passage === reachable} onChoose={choosePassage} />
        ))}
      </ol>
      {passages.error !== null && <ErrorNote error={passages.error} onRetry={passages.loadMore} className="m-4" />}
      {passages.hasMore && (
        <div className="p-4 text-center">
          <Button onClick={passages.loadMore} disabled={passages.loadingMore}>{passages.loadingMore ? 'Reading' : 'Show more'}</Button>
        </div>
      )}
    </div>
  );
}

interface PassageItemProps {
  passage: Passage;
  format: Format;
  marked: boolean;
  /** One row at a time is a stop of the tab key; the arrows do the rest. */
  reachable: boolean;
  onChoose: (passage: Passage) => void;
}

function PassageItem({ passage, format, marked, reachable, onChoose }: PassageItemProps) {
  return (
    <li className="border-t border-line-soft">
      <button
        type="button"
        data-passage={passage.ordinal}
        tabIndex={reachable ? 0 : -1}
        {...(marked ? { 'aria-current': 'true' as const } : {})}
        onClick={() => onChoose(passage)}
        className={classNames('w-full border-l-2 px-4 py-2.5 text-left text-sm focus-visible:-outline-offset-2', marked ? 'border-accent bg-accent-soft' : 'border-transparent hover:bg-hover/60')}
      >
        <span className="flex gap-2 text-xs text-ink-3">
          <span className="tabular-nums">{passage.ordinal + 1}</span>
          <span dir="auto" className="truncate first-letter:uppercase">{describePlace(format, passage.place)}</span>
        </span>
        <span dir="auto" className={classNames('mt-0.5 block break-words whitespace-pre-line text-ink', !marked && 'line-clamp-4')}>{passage.text}</span>
      </button>
    </li>
  );
}
