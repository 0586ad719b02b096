/** The documents do not answer. What came nearest is shown, with what it holds and lacks. */
'use client';
import { SearchX } from 'lucide-react';
import type { Nearest } from '#lib/answer/events.ts';
import { CitationNumber } from '../primitives/citation-chip.tsx';
import { FileIcon } from '../primitives/file-icon.tsx';
import { describePlace } from '../source/describe-place.ts';
import { useAsk } from './ask-context.ts';
import type { TurnView } from './turn-view.ts';

export function NotFoundAnswer({ turn, index }: { turn: TurnView; index: number }) {
  return (
    <div className="mb-5">
      <p className="flex items-start gap-2.5 text-answer font-medium">
        <SearchX aria-hidden className="mt-[5px] size-4 shrink-0 text-ink-3" />
        The documents you may read do not answer this.
      </p>
      {turn.nearest.length > 0 && (
        <>
          <h3 className="mt-5 mb-1 text-xs font-medium tracking-normal text-ink-3">What came nearest</h3>
          <ul className="divide-y divide-line-soft border-y border-line-soft">
            {turn.nearest.toSorted((one, other) => one.number - other.number).map((one) => (
              <NearestRow key={one.id} one={one} index={index} />
            ))}
          </ul>
        </>
      )}
      <p className="mt-4 text-sm text-pretty text-ink-2">Other words may find it. If you think the answer exists, ask the person who looks after the collection, or an administrator for access.</p>
    </div>
  );
}

function NearestRow({ one, index }: { one: Nearest; index: number }) {
  const { open, openPassage } = useAsk();
  const active = open !== null && open.turnIndex === index && open.number === one.number;
  return (
    <li>
      <button type="button" aria-pressed={active} onClick={() => openPassage({ turnIndex: index, number: one.number })} className="grid w-full grid-cols-[20px_1fr] gap-x-2.5 rounded-md px-1 py-2.5 text-left hover:bg-hover aria-pressed:bg-hover">
        <CitationNumber number={one.number} active={active} className="mt-0.5" />
        <span className="min-w-0">
          <span className="flex items-center gap-2 text-sm">
            <span className="truncate font-medium">{one.title}</span>
            <span className="truncate text-xs text-ink-3">{describePlace(one.format, one.place, one.title)}</span>
            <FileIcon format={one.format} className="ml-auto" />
          </span>
          <span className="mt-0.5 block text-sm text-pretty text-ink-2">{one.why}</span>
        </span>
      </button>
    </li>
  );
}
