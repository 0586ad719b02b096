/** A sentence that its passages support only partly (dotted line) or not at all (struck through), with the reason in reach. */
'use client';
import { CircleHelp, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Sentence } from '#lib/answer/events.ts';
import { Tooltip } from '../primitives/tooltip.tsx';

const marks = {
  weak: { words: 'Only partly supported', icon: CircleHelp, colour: 'text-weak' },
  unsupported: { words: 'Not supported by the passage', icon: CircleX, colour: 'text-bad' },
};

interface MarkedSentenceProps {
  sentence: Sentence | undefined;
  /** Only punctuation, which needs no line under or through it. */
  bare: boolean;
  /** The sentence ends here; one with emphasis or citations in it comes in several pieces. */
  last: boolean;
  children?: ReactNode;
}

export function MarkedSentence({ sentence, bare, last, children }: MarkedSentenceProps) {
  if (sentence === undefined || (sentence.support !== 'weak' && sentence.support !== 'unsupported')) return children;
  const { words, icon: Icon, colour } = marks[sentence.support];
  const reason = sentence.reason === '' ? words : `${words}: ${sentence.reason}`;
  return (
    <>
      {bare && children}
      {!bare && sentence.support === 'weak' && <span className="underline decoration-weak-line decoration-dotted decoration-[1.5px] underline-offset-[5px]">{children}</span>}
      {!bare && sentence.support === 'unsupported' && <s className="text-ink-2 decoration-bad-line/80 decoration-1">{children}</s>}
      {last && (
        <Tooltip content={reason}>
          <button type="button" aria-label={reason} className={`hit mx-0.5 inline-grid size-4 place-items-center rounded-full align-[-2px] ${colour}`}>
            <Icon aria-hidden className="size-3.5" />
          </button>
        </Tooltip>
      )}
    </>
  );
}
