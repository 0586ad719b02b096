/** The words of an answer: Markdown as elements, citations as chips, and marks on sentences that a check did not pass. */
'use client';
import { toJsxRuntime, type Components } from 'hast-util-to-jsx-runtime';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import type { Evidence, Sentence } from '#lib/answer/events.ts';
import { classNames } from '../primitives/class-names.ts';
import { answerTree, quotedTree } from './answer-tree.ts';
import { Citation } from './citation.tsx';
import { MarkedSentence } from './marked-sentence.tsx';
import { isRunning, passagesOf, type TurnView } from './turn-view.ts';
import { walkCitations } from './walk-citations.ts';

const answerLook =
  'max-w-[66ch] text-answer break-words text-ink [&_p]:mb-3.5 [&_ul]:mb-3.5 [&_ul]:list-disc [&_ul]:pl-5 [&_ol]:mb-3.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_li]:my-1 [&_li::marker]:text-ink-3 [&_li_p]:mb-1 [&_h3]:mt-5 [&_h3]:mb-1.5 [&_h3]:text-base [&_h3]:font-semibold [&_strong]:font-semibold [&_hr]:my-5 [&_hr]:border-line-soft [&_code]:rounded-sm [&_code]:bg-hover [&_code]:px-1 [&_code]:py-0.5 [&_code]:font-mono [&_code]:text-[0.86em] [&_pre]:mb-3.5 [&_pre]:overflow-x-auto [&_pre]:rounded-lg [&_pre]:bg-panel [&_pre]:p-3 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_blockquote]:mb-3.5 [&_blockquote]:border-l-2 [&_blockquote]:border-accent-line [&_blockquote]:pl-4 [&_blockquote_p:last-child]:mb-0';
const cursorLook =
  '[&>*:last-child]:after:ml-0.5 [&>*:last-child]:after:inline-block [&>*:last-child]:after:h-[1.05em] [&>*:last-child]:after:w-[2px] [&>*:last-child]:after:translate-y-[0.18em] [&>*:last-child]:after:animate-breathe [&>*:last-child]:after:bg-accent [&>*:last-child]:after:content-[""]';

interface AnswerState {
  turnIndex: number;
  passages: readonly Evidence[];
  sentences: readonly Sentence[];
}

const AnswerContext = createContext<AnswerState>({ turnIndex: 0, passages: [], sentences: [] });

export function AnswerText({ turn, index }: { turn: TurnView; index: number }) {
  const running = isRunning(turn);
  const { text, sentences } = turn;
  const passages = passagesOf(turn);
  const quoted = turn.quotedBecause !== null;
  const state = useMemo(() => ({ turnIndex: index, passages, sentences }), [index, passages, sentences]);
  const content = useMemo(() => {
    const numbers = new Set(passages.map((one) => one.number));
    const tree = quoted ? quotedTree(text, numbers) : answerTree(text, { sentences, numbers, streaming: running });
    const rendered: ReactNode = toJsxRuntime(tree, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true });
    return rendered;
  }, [text, sentences, passages, running, quoted]);
  return (
    <AnswerContext value={state}>
      <div dir="auto" data-answer onKeyDown={walkCitations} className={classNames(answerLook, running && cursorLook, quoted && 'whitespace-pre-line')}>
        {content}
      </div>
    </AnswerContext>
  );
}

// The components below stay the same from word to word, so that a citation keeps its focus while the answer grows.

/** Headings of any level become the level below the question's. */
function Heading({ children }: { children?: ReactNode }) {
  return <h3>{children}</h3>;
}

/** Tables scroll in their own box. */
function AnswerTable({ children }: { children?: ReactNode }) {
  return (
    <div role="group" aria-label="Table in the answer" tabIndex={0} className="mb-4 overflow-x-auto">
      <table className="w-full border-separate border-spacing-0 text-left text-sm [&_td]:border-b [&_td]:border-line-soft [&_td]:px-2 [&_td]:py-1.5 [&_th]:border-b [&_th]:border-line [&_th]:px-2 [&_th]:py-1.5 [&_th]:font-medium">{children}</table>
    </div>
  );
}

function AnswerCitation({ number }: { number: number }) {
  const { turnIndex, passages } = useContext(AnswerContext);
  return <Citation turnIndex={turnIndex} number={number} passage={passages.find((one) => one.number === number)} />;
}

function AnswerSentence({ index, bare, last, children }: { index: number; bare?: boolean; last?: boolean; children?: ReactNode }) {
  const { sentences } = useContext(AnswerContext);
  return (
    <MarkedSentence sentence={sentences[index]} bare={bare === true} last={last === true}>
      {children}
    </MarkedSentence>
  );
}

const components: Partial<Components> & Record<string, unknown> = {
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  table: AnswerTable,
  citation: AnswerCitation,
  sentence: AnswerSentence,
};
