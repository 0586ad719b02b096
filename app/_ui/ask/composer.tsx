/** Where questions are written. Enter sends, Shift Enter breaks the line; while an answer arrives, Stop stands where Send was. */
'use client';
import { ArrowUp, Square } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useDraft } from '../client/draft.ts';
import { questionFieldId } from '../frame/use-shortcuts.ts';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { Tooltip } from '../primitives/tooltip.tsx';
import { ScopePicker } from './scope-picker.tsx';
import type { Scope } from './use-scope.ts';

/** The server's own limit; a longer question can be written and shortened, but not sent. */
const questionCharactersMax = 4000;
const countFrom = 0.8 * questionCharactersMax;

interface ComposerProps {
  draftKey: string;
  followUp: boolean;
  running: boolean;
  scope: Scope;
  /** Resolves to false when the question was not accepted; it is then put back. */
  onSend: (question: string) => Promise<boolean>;
  onStop: () => void;
}

export function Composer({ draftKey, followUp, running, scope, onSend, onStop }: ComposerProps) {
  const [text, setText] = useDraft(draftKey);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a phone this would open the keyboard over the page.
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [draftKey]);

  const { length } = text.trim();
  const tooLong = length > questionCharactersMax;
  const sendable = text.trim() !== '' && !tooLong && !running;
  const submit = (): void => {
    if (!sendable) return;
    setText('');
    void onSend(text.trim()).then((accepted) => !accepted && setText(text));
  };
  const stop = (): void => {
    // The button goes away; the focus belongs where one goes on.
    field.current?.focus({ preventScroll: true });
    onStop();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && running) onStop();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit();
  };
  return (
    <div className="mx-auto w-full max-w-[46rem] shrink-0 px-4 pb-3 md:px-7 md:pb-4">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="rounded-xl border border-line bg-raised pt-3 shadow-float transition-colors hover:border-line-strong/60 focus-within:border-accent/70"
      >
        <label htmlFor={questionFieldId} className="sr-only">
          {followUp ? 'Follow-up question' : 'Your question'}
        </label>
        <textarea
          ref={field}
          id={questionFieldId}
          rows={1}
          value={text}
          dir="auto"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={followUp ? 'Ask a follow-up' : 'Ask about your company’s documents'}
          aria-describedby="question-note"
          {...(tooLong ? { 'aria-invalid': true } : {})}
          className="block field-sizing-content max-h-[40vh] min-h-[26px] w-full resize-none bg-transparent px-4 text-answer outline-none placeholder:text-ink-3"
        />
        <div className="flex items-center gap-2 p-2 pl-3">
          <ScopePicker {...scope} />
          <span role="status" className={classNames('ml-auto text-xs tabular-nums', tooLong ? 'text-bad' : 'text-ink-3')}>
            {length > countFrom && (tooLong ? `${(length - questionCharactersMax).toLocaleString('en')} characters too long` : `${(questionCharactersMax - length).toLocaleString('en')} characters left`)}
          </span>
          <SendOrStop running={running} sendable={sendable} onStop={stop} />
        </div>
      </form>
      <p id="question-note" className="mt-2 text-center text-2xs text-balance text-ink-3">
        Answers never leave your company’s own machines. Check the passage before you act on it.
      </p>
    </div>
  );
}

function SendOrStop({ running, sendable, onStop }: { running: boolean; sendable: boolean; onStop: () => void }) {
  if (running) {
    return (
      <Tooltip content="Stop">
        <Button variant="primary" size="icon" aria-label="Stop the answer" onClick={onStop}>
          <Square className="size-3! fill-current" />
        </Button>
      </Tooltip>
    );
  }
  return (
    <Button type="submit" variant="primary" size="icon" aria-label="Send the question" disabled={!sendable}>
      <ArrowUp />
    </Button>
  );
}
