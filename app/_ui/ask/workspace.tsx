/** The Ask page, new or in a conversation: the thread, the composer, and the evidence beside them. */
'use client';
import { useCallback, useMemo, useState } from 'react';
import { EvidencePanel } from '../evidence/evidence-panel.tsx';
import { PageFrame } from '../frame/page-frame.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { isProblem } from '../client/problem.ts';
import { AskContext, type OpenPassage } from './ask-context.ts';
import { Composer } from './composer.tsx';
import { EmptyAsk, Examples } from './empty-ask.tsx';
import { startAnswer, stopAnswer } from './live-answers.ts';
import { MissingConversation } from './missing-conversation.tsx';
import { Thread, ThreadSkeleton } from './thread.tsx';
import type { TurnView } from './turn-view.ts';
import { useScope } from './use-scope.ts';
import { useThread } from './use-thread.ts';

export function AskWorkspace() {
  const thread = useThread();
  const scope = useScope();
  const { conversationId, turns, running } = thread;
  const [open, setOpen] = useOpenPassage(conversationId);

  const send = useCallback(
    (question: string, regenerate?: string) =>
      startAnswer({ question, ...(conversationId === null ? {} : { conversationId }), ...(scope.chosen === null ? {} : { scope: scope.chosen }), ...(regenerate === undefined ? {} : { regenerate }) }),
    [conversationId, scope.chosen],
  );
  const state = useMemo(
    () => ({
      open,
      openPassage: setOpen,
      ask: (question: string) => void send(question),
      askAgain: (turn: TurnView) => void send(turn.question, turn.id ?? undefined),
      running,
    }),
    [open, setOpen, send, running],
  );

  const openTurn = open === null ? undefined : turns[open.turnIndex];
  const empty = conversationId === null && turns.length === 0;
  const missing = isProblem(thread.error, 'not-found');
  const crumbs = empty ? [{ label: 'Ask' }] : [{ label: 'Ask', href: '/ask' }, { label: thread.title ?? turns[0]?.question ?? 'Conversation' }];
  return (
    <AskContext value={state}>
      <PageFrame crumbs={crumbs} fill>
        <div className={empty ? 'flex min-w-0 flex-1 flex-col overflow-y-auto' : 'flex min-w-0 flex-1 flex-col'}>
          {empty ? <EmptyAsk /> : <h1 className="sr-only">{crumbs.at(-1)?.label}</h1>}
          {!empty && missing && <MissingConversation />}
          {!empty && !missing && thread.error !== null && <ErrorNote error={thread.error} onRetry={thread.reload} className="mx-auto mt-8 w-[min(44rem,calc(100%-2rem))]" />}
          {thread.loading && <ThreadSkeleton />}
          {turns.length > 0 && <Thread conversationId={conversationId} turns={turns} />}
          {!missing && (
            <Composer
              draftKey={`question:${conversationId ?? 'new'}`}
              followUp={!empty}
              running={running}
              scope={scope}
              onSend={send}
              onStop={() => thread.latest !== undefined && void stopAnswer(thread.latest)}
            />
          )}
          {empty && <Examples />}
        </div>
        {open !== null && openTurn !== undefined && <EvidencePanel turn={openTurn} open={open} onOpen={setOpen} />}
      </PageFrame>
    </AskContext>
  );
}

/** The open passage belongs to a conversation; another one begins with nothing open. */
function useOpenPassage(conversationId: string | null): [OpenPassage | null, (passage: OpenPassage | null) => void] {
  const [state, setState] = useState<{ conversationId: string | null; passage: OpenPassage | null }>({ conversationId, passage: null });
  // A new conversation keeps what is open when it is given its id.
  const same = state.conversationId === conversationId || (state.conversationId === null && state.passage !== null && conversationId !== null);
  const setOpen = useCallback((passage: OpenPassage | null) => setState({ conversationId, passage }), [conversationId]);
  return [same ? state.passage : null, setOpen];
}
