/** A citation in an answer: previews its passage on hover and focus, opens it on click. */
'use client';
import type { Evidence } from '#lib/answer/events.ts';
import { CitationChip } from '../primitives/citation-chip.tsx';
import { Tooltip } from '../primitives/tooltip.tsx';
import { describePassage, describePlace } from '../source/describe-place.ts';
import { useAsk } from './ask-context.ts';

const previewCharacters = 260;

export function Citation({ turnIndex, number, passage }: { turnIndex: number; number: number; passage: Evidence | undefined }) {
  const { open, openPassage } = useAsk();
  if (passage === undefined) return null;
  const active = open !== null && open.turnIndex === turnIndex && open.number === number;
  return (
    <Tooltip card content={<Preview passage={passage} />} side="bottom">
      <CitationChip number={number} active={active} data-citation aria-label={`Passage ${number}: ${describePassage(passage)}`} aria-pressed={active} onClick={() => openPassage({ turnIndex, number })} />
    </Tooltip>
  );
}

function Preview({ passage }: { passage: Evidence }) {
  const text = passage.text.length > previewCharacters ? `${passage.text.slice(0, previewCharacters).trimEnd()} …` : passage.text;
  return (
    <div>
      <p className="flex items-baseline gap-2">
        <span className="min-w-0 truncate font-medium">{passage.title}</span>
        <span className="ml-auto shrink-0 text-xs text-ink-3">version {passage.versionNumber}</span>
      </p>
      <p className="truncate text-xs text-ink-3">{[describePlace(passage.format, passage.place, passage.title), passage.collectionName].filter(Boolean).join(' · ')}</p>
      <p dir="auto" className="mt-2 border-t border-line-soft pt-2 text-xs leading-[18px] break-words whitespace-pre-line text-ink-2">
        {text}
      </p>
    </div>
  );
}
