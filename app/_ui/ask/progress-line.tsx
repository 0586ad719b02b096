/** What is being done, then what was done, in one line under the question; and the sources as soon as they are known. */
'use client';
import type { ReactNode } from 'react';
import { CitationNumber } from '../primitives/citation-chip.tsx';
import { useAsk } from './ask-context.ts';
import { isRunning, type TurnView } from './turn-view.ts';

const lineLook = 'mt-2 mb-5 flex min-h-5 flex-wrap items-center gap-x-3.5 gap-y-0.5 text-[12.5px] leading-5 text-ink-3';

export function ProgressLine({ turn }: { turn: TurnView }) {
  const { searched, phase } = turn;
  if (searched === null) return <p className={lineLook}>{isRunning(turn) && <span className="animate-breathe">{phase === 'sending' ? 'Sending' : 'Searching the documents you may read'}</span>}</p>;
  const passages = turn.evidence.length;
  return (
    <p className={lineLook}>
      <span>
        Searched <Strong>{count(searched.collections, 'collection')}</Strong>
      </span>
      {passages > 0 && (
        <span>
          Read <Strong>{count(passages, 'passage')}</Strong> in <Strong>{count(documentsIn(turn), 'document')}</Strong>
        </span>
      )}
      <span>{seconds(searched.ms)} to sources</span>
      {phase === 'queued' && <span className="text-ink-2">{describeQueue(turn.position ?? 1)}</span>}
      {phase === 'reading' && turn.outcome === null && <span className="animate-breathe text-ink-2">{turn.quotedBecause === null ? 'Reading the passages' : 'Choosing the sentences'}</span>}
    </p>
  );
}

/** "0.14 s" */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} s`;
}

function documentsIn(turn: TurnView): number {
  return new Set(turn.evidence.map((one) => one.documentId)).size;
}

function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;
}

function describeQueue(position: number): string {
  if (position <= 1) return 'Next in line for the language model';
  return `Waiting for the language model: ${position - 1} ${position === 2 ? 'question is' : 'questions are'} before yours. You may leave this page.`;
}

function Strong({ children }: { children: ReactNode }) {
  return <span className="font-medium text-ink-2">{children}</span>;
}

/** While words are on their way: the passages that were found, ready to be opened before the first word. */
export function SourcesStrip({ turn, index }: { turn: TurnView; index: number }) {
  const { openPassage } = useAsk();
  if (!isRunning(turn) || turn.evidence.length === 0 || turn.text !== '') return null;
  return (
    <ul aria-label="Passages found" className="mb-5 grid animate-enter gap-px">
      {turn.evidence.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => openPassage({ turnIndex: index, number: one.number })} className="flex w-full items-center gap-2.5 rounded-md px-1.5 py-1 text-left text-sm text-ink-2 hover:bg-hover hover:text-ink">
            <CitationNumber number={one.number} />
            <span className="truncate">{one.title}</span>
            <span className="ml-auto shrink-0 truncate text-xs text-ink-3">{one.collectionName}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
