/** Walks the passages and leads to the whole document. */
'use client';
import { ArrowUpRight, ChevronLeft, ChevronRight } from 'lucide-react';
import Link from 'next/link.js';
import type { Evidence } from '#lib/answer/events.ts';
import { Button } from '../primitives/button.tsx';

export function PassagePager({ ordered, selected, onChoose }: { ordered: Evidence[]; selected: Evidence; onChoose: (number: number) => void }) {
  const at = ordered.indexOf(selected);
  const before = ordered[at - 1];
  const after = ordered[at + 1];
  return (
    <div className="flex h-11 shrink-0 items-center gap-1 border-t border-line bg-raised px-2 text-xs text-ink-2">
      <Button variant="quiet" size="icon-sm" aria-label="Previous passage" disabled={before === undefined} onClick={() => before !== undefined && onChoose(before.number)}>
        <ChevronLeft />
      </Button>
      <span aria-live="polite" className="tabular-nums">
        Passage {selected.number}, {at + 1} of {ordered.length}
      </span>
      <Button variant="quiet" size="icon-sm" aria-label="Next passage" disabled={after === undefined} onClick={() => after !== undefined && onChoose(after.number)}>
        <ChevronRight />
      </Button>
      <Button asChild variant="quiet" size="sm" className="ml-auto font-normal">
        <Link href={`/library/documents/${selected.documentId}?version=${selected.versionNumber}&block=${selected.place.from.block}`}>
          Open document <ArrowUpRight />
        </Link>
      </Button>
    </div>
  );
}
