/** The turns of the conversation in the address bar: from history, with answers that are arriving in their place. */
'use client';
import { usePathname } from 'next/navigation.js';
import { useEffect, useMemo } from 'react';
import type { Conversation } from '#lib/conversations/types.ts';
import { conversation as conversationSchema } from '../client/schemas/conversations.ts';
import { useData } from '../client/use-data.ts';
import { forgetAnswers, markAddressed, newConversation, useLiveAnswers, type LiveAnswer } from './live-answers.ts';
import { isRunning, savedTurn, type TurnView } from './turn-view.ts';

// An answer that another window or a reloaded page is waiting for is looked for this often, for this long.
const lookAgainMs = 2_000;
const lookAgainMsMax = 5 * 60_000;

export interface Thread {
  /** Null on /ask: the next question begins a conversation. */
  conversationId: string | null;
  title: string | null;
  turns: TurnView[];
  /** The newest entry of this conversation that is or was arriving. */
  latest: LiveAnswer | undefined;
  running: boolean;
  /** True while history is being read and nothing can be shown yet. */
  loading: boolean;
  error: unknown;
  reload: () => void;
}

export function useThread(): Thread {
  const path = usePathname();
  const conversationId = /^\/ask\/([^/]+)$/u.exec(path)?.[1] ?? null;
  const entries = useEntries(conversationId);
  const running = entries.some((one) => isRunning(one.turn));
  const saved = useSaved(conversationId, entries.length > 0);

  useEffect(() => {
    const { data } = saved;
    if (data === undefined) return;
    // Once history holds an answer it is the truth; a failure stays until it is tried again.
    const isKept = ({ turn }: LiveAnswer): boolean =>
      data.turns.some(({ id, answer }) => id === turn.id && answer !== null && (turn.answeredRecord === null || answer.answeredRecord === turn.answeredRecord));
    forgetAnswers((one) => one.turn.phase === 'done' && isKept(one));
  }, [saved]);

  const turns = useMemo(() => mergeTurns(saved.data, entries), [saved.data, entries]);
  return {
    conversationId,
    title: saved.data?.title ?? entries.at(-1)?.title ?? null,
    turns,
    latest: entries.at(-1),
    running,
    loading: saved.loading && saved.data === undefined && entries.length === 0,
    error: saved.data === undefined && entries.length === 0 ? saved.error : null,
    reload: saved.reload,
  };
}

/** The answers that are arriving here. On /ask: those of a conversation begun here, until its address is shown. */
function useEntries(conversationId: string | null): readonly LiveAnswer[] {
  const live = useLiveAnswers();
  const entries = useMemo(() => live.filter((one) => (conversationId === null ? one.unaddressed : one.conversationId === conversationId)), [live, conversationId]);
  const begun = entries.findLast((one) => one.unaddressed && one.conversationId !== newConversation)?.conversationId;
  useEffect(() => {
    if (begun === undefined) return;
    if (conversationId === begun) markAddressed(begun);
    // The address changes without loading a page; Next keeps its own idea of it in step.
    else if (conversationId === null) window.history.replaceState(null, '', `/ask/${begun}`);
  }, [begun, conversationId]);
  return entries;
}

function useSaved(conversationId: string | null, hasLive: boolean) {
  const path = conversationId === null ? null : `/api/conversations/${conversationId}`;
  const first = useData<Conversation>(path, conversationSchema);
  const last = first.data?.turns.at(-1);
  const waiting = !hasLive && last !== undefined && isAwaited(last);
  const { reload } = first;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setInterval(reload, lookAgainMs);
    return () => clearInterval(timer);
  }, [waiting, reload]);
  return first;
}

/** True when a saved question without an answer is young enough that one may still come. */
export function isAwaited(turn: { answer: unknown; withheld: boolean; createdAt: string }): boolean {
  return turn.answer === null && !turn.withheld && Date.now() - Date.parse(turn.createdAt) < lookAgainMsMax;
}

function mergeTurns(saved: Conversation | undefined, entries: readonly LiveAnswer[]): TurnView[] {
  const turns = (saved?.turns ?? []).map(savedTurn);
  for (const { turn } of entries) {
    const at = turns.findIndex((one) => one.id === turn.id);
    if (at >= 0) turns[at] = turn;
    else turns.push(turn);
  }
  return turns;
}
