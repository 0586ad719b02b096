/** One question as a heading, and everything that became of it. */
'use client';
import { useMemo } from 'react';
import { Notice } from '../primitives/notice.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { ProblemError } from '../client/problem.ts';
import { Button } from '../primitives/button.tsx';
import { AnswerText } from './answer-text.tsx';
import { useAsk } from './ask-context.ts';
import { NotFoundAnswer } from './not-found-answer.tsx';
import { ProgressLine, SourcesStrip } from './progress-line.tsx';
import { TurnActions } from './turn-actions.tsx';
import { isRunning, type TurnView } from './turn-view.ts';
import { isAwaited } from './use-thread.ts';
import { Verdict } from './verdict.tsx';

export function Turn({ turn, index, last }: { turn: TurnView; index: number; last: boolean }) {
  const running = isRunning(turn);
  return (
    <article aria-label={turn.question} aria-busy={running} className={last ? 'min-h-[calc(100cqh-1px)] pt-7 pb-8' : 'border-b border-line-soft pt-7 pb-7'}>
      <h2 dir="auto" className="text-xl font-semibold tracking-[-0.018em] text-pretty break-words whitespace-pre-wrap">
        {turn.question}
      </h2>
      {turn.phase === 'withheld' || turn.phase === 'unfinished' ? <div className="h-4" /> : <ProgressLine turn={turn} />}
      <SourcesStrip turn={turn} index={index} />
      <Body turn={turn} index={index} />
      <p role="status" className="sr-only">
        {running ? 'Answering' : turn.phase === 'done' && last ? 'The answer is finished' : ''}
      </p>
    </article>
  );
}

function Body({ turn, index }: { turn: TurnView; index: number }) {
  if (turn.phase === 'withheld') return <Withheld />;
  if (turn.phase === 'unfinished') return <Unfinished turn={turn} />;
  return (
    <>
      {turn.quotedBecause !== null && <QuotedBanner because={turn.quotedBecause} />}
      {turn.outcome === 'not-found' && <NotFoundAnswer turn={turn} index={index} />}
      {turn.text !== '' && <AnswerText turn={turn} index={index} />}
      {turn.phase === 'failed' && <Failed turn={turn} />}
      {turn.outcome === 'stopped' && <Notice className="mb-4">You stopped this answer. What had arrived is kept{turn.sentences.length === 0 && turn.text !== '' ? ', unchecked' : ''}.</Notice>}
      {turn.phase === 'done' && <Verdict turn={turn} />}
      {turn.phase === 'done' && turn.id !== null && <TurnActions turn={turn} />}
    </>
  );
}

const quotedWords = {
  'no-model': 'Quoted from your documents. No language model is loaded, so nothing was written: these are the sentences that fit your question best.',
  'model-unavailable': 'Quoted from your documents. The language model does not answer at the moment, so nothing was written.',
  'model-busy': 'Quoted from your documents. The language model has too many questions waiting, so nothing was written.',
};

function QuotedBanner({ because }: { because: keyof typeof quotedWords }) {
  return <Notice className="mb-4">{quotedWords[because]}</Notice>;
}

function Withheld() {
  return (
    <Notice tone="weak">
      This answer rests on documents that you may no longer read, so it is not shown. It is kept and appears again if your access returns.
    </Notice>
  );
}

function Unfinished({ turn }: { turn: TurnView }) {
  const { askAgain, running } = useAsk();
  if (isAwaited({ answer: null, withheld: false, createdAt: turn.askedAt })) {
    return (
      <p role="status" className="animate-breathe text-base text-ink-2">
        Still being answered. It appears here when it is finished; you may leave this page.
      </p>
    );
  }
  return (
    <Notice
      tone="weak"
      action={
        <Button size="sm" disabled={running} onClick={() => askAgain(turn)}>
          Ask again
        </Button>
      }
    >
      This answer was interrupted before it was finished. Your question is kept.
    </Notice>
  );
}

function Failed({ turn }: { turn: TurnView }) {
  const { askAgain } = useAsk();
  const error = useMemo(() => (turn.failure === null ? null : new ProblemError({ ...turn.failure, status: 0 })), [turn.failure]);
  // A question that was never accepted is back in the field, where it can be changed.
  if (turn.askedRecord === null) {
    return (
      <ErrorNote error={error} className="mb-4">
        <p className="text-ink-2">Your question is in the field below.</p>
      </ErrorNote>
    );
  }
  return <ErrorNote error={error} onRetry={() => askAgain(turn)} className="mb-4" />;
}
