/** What can be done with a finished answer. */
'use client';
import { Check, Copy, ListTree, RotateCw, ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../primitives/button.tsx';
import { toast } from '../primitives/toast.tsx';
import { useAsk } from './ask-context.ts';
import { copyToClipboard } from './clipboard.ts';
import { copyText } from './copy-text.ts';
import { FeedbackForm } from './feedback-form.tsx';
import { MethodDetails } from './method-details.tsx';
import type { TurnView } from './turn-view.ts';
import { useFeedback } from './use-feedback.ts';

export function TurnActions({ turn }: { turn: TurnView }) {
  const { askAgain, running } = useAsk();
  const { feedback, rate } = useFeedback(turn);
  const [shown, setShown] = useState<'nothing' | 'feedback' | 'method'>('nothing');
  const choose = (verdict: 'up' | 'down'): void => {
    const taken = feedback?.verdict === verdict;
    void rate(taken ? null : { verdict, comment: feedback?.comment ?? '' });
    setShown(taken ? 'nothing' : 'feedback');
  };
  return (
    <div className="@container border-t border-line-soft pt-1.5">
      <div className="-mx-2 flex flex-wrap items-center">
        {turn.text !== '' && <CopyButton turn={turn} />}
        <Button variant="quiet" size="sm" aria-pressed={feedback?.verdict === 'up'} onClick={() => choose('up')}>
          <ThumbsUp className={feedback?.verdict === 'up' ? 'fill-current' : ''} /> <span className="@max-[42rem]:sr-only">Helpful</span>
        </Button>
        <Button variant="quiet" size="sm" aria-pressed={feedback?.verdict === 'down'} onClick={() => choose('down')}>
          <ThumbsDown className={feedback?.verdict === 'down' ? 'fill-current' : ''} /> <span className="@max-[42rem]:sr-only">Not helpful</span>
        </Button>
        <Button variant="quiet" size="sm" disabled={running} onClick={() => askAgain(turn)}>
          <RotateCw /> Again
        </Button>
        {turn.method !== null && (
          <Button variant="quiet" size="sm" aria-expanded={shown === 'method'} onClick={() => setShown(shown === 'method' ? 'nothing' : 'method')}>
            <ListTree /> How was this answered?
          </Button>
        )}
        {turn.answeredRecord !== null && <span className="ml-auto px-2 font-mono text-xs text-ink-3">record {turn.answeredRecord.toLocaleString('en')}</span>}
      </div>
      {shown === 'feedback' && feedback !== null && (
        <FeedbackForm
          verdict={feedback.verdict}
          comment={feedback.comment}
          onSave={(comment) => {
            void rate({ verdict: feedback.verdict, comment });
            setShown('nothing');
          }}
          onClose={() => setShown('nothing')}
        />
      )}
      {shown === 'method' && turn.method !== null && <MethodDetails turn={turn} method={turn.method} />}
    </div>
  );
}

const shownMs = 1_600;

function CopyButton({ turn }: { turn: TurnView }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    const worked = await copyToClipboard(copyText(turn.question, turn.text, turn.evidence));
    if (!worked) return void toast.error('The browser did not allow copying. Select the text and copy it by hand.');
    setCopied(true);
    setTimeout(() => setCopied(false), shownMs);
  };
  return (
    <Button variant="quiet" size="sm" onClick={() => void copy()}>
      {copied ? <Check /> : <Copy />} <span aria-live="polite">{copied ? 'Copied' : 'Copy with sources'}</span>
    </Button>
  );
}
