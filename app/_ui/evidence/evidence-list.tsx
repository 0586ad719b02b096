/** The passages of an answer: those it cites, and behind a count those it was given but did not cite. */
'use client';
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Evidence } from '#lib/answer/events.ts';
import { CitationNumber } from '../primitives/citation-chip.tsx';
import { classNames } from '../primitives/class-names.ts';
import { formatLabel } from '../primitives/file-icon.tsx';
import { describePlace } from '../source/describe-place.ts';

interface EvidenceListProps {
  ordered: Evidence[];
  selected: Evidence;
  /** These passages answered nothing; they only came nearest. */
  nearest: boolean;
  onChoose: (number: number) => void;
}

export function EvidenceList({ ordered, selected, nearest, onChoose }: EvidenceListProps) {
  const cited = ordered.filter((one) => one.cited);
  // While words arrive nothing is cited yet, and the nearest passages never are: then all are simply listed.
  const plain = cited.length === 0;
  const shown = plain ? ordered : cited;
  const others = plain ? [] : ordered.filter((one) => !one.cited);
  const [wanted, setWanted] = useState(false);
  const unfolded = wanted || !selected.cited;
  return (
    <div className="max-h-[34%] shrink-0 overflow-y-auto px-2.5 pt-1 pb-2">
      <ul aria-label={nearest ? 'Passages that came nearest' : 'Passages'} className="grid gap-0.5">
        {shown.map((one) => (
          <EvidenceRow key={one.id} one={one} selected={one === selected} onChoose={onChoose} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <button
            type="button"
            aria-expanded={unfolded}
            onClick={() => setWanted(!unfolded)}
            className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left text-sm text-ink-3 hover:bg-hover hover:text-ink-2"
          >
            <span className="w-[18px] text-center text-xs tabular-nums">+{others.length}</span>
            given to the model, not cited
            <ChevronRight aria-hidden className={classNames('ml-auto size-3.5 transition-transform', unfolded && 'rotate-90')} />
          </button>
          {unfolded && (
            <ul aria-label="Given to the model, not cited" className="grid gap-0.5">
              {others.map((one) => (
                <EvidenceRow key={one.id} one={one} selected={one === selected} onChoose={onChoose} />
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function EvidenceRow({ one, selected, onChoose }: { one: Evidence; selected: boolean; onChoose: (number: number) => void }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li ref={row}>
      <button
        type="button"
        aria-current={selected}
        onClick={() => onChoose(one.number)}
        className={classNames(
          'grid w-full grid-cols-[18px_1fr_auto] items-center gap-2.5 rounded-lg border px-2 py-1.5 text-left text-sm',
          selected ? 'border-line-soft bg-raised text-ink shadow-quiet' : 'border-transparent text-ink-2 hover:bg-hover',
        )}
      >
        <CitationNumber number={one.number} active={selected} />
        <span className="truncate">
          {one.title} <span className="text-xs text-ink-3">{[`version ${one.versionNumber}`, describePlace(one.format, one.place, one.title)].filter(Boolean).join(', ')}</span>
        </span>
        <span className="text-xs text-ink-3">{formatLabel(one.format)}</span>
      </button>
    </li>
  );
}
