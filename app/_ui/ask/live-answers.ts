/**
 * Answers that are arriving. Kept outside React, so that an answer goes on while its reader looks at another page
 * and is there on return. One entry per conversation, and one for a new one that has no id yet.
 */
'use client';
import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { request } from '../client/fetch.ts';
import { invalidate } from '../client/invalidate.ts';
import { describeFailure, ProblemError } from '../client/problem.ts';
import { askQuestion, type AskBody } from './stream.ts';
import { applyEvent, failTurn, isRunning, newTurn, type TurnView } from './turn-view.ts';

/** Stands for the conversation that the next question begins. */
export const newConversation = 'new';

export interface LiveAnswer {
  turn: TurnView;
  /** Conversation id, or `newConversation` until the server has given one. */
  conversationId: string;
  /** Began a conversation whose address the page has not shown yet. */
  unaddressed: boolean;
  /** Title that the server gave; null until then. */
  title: string | null;
  aborter: AbortController;
}

// The server is asked to stop; a connection that does not hear it is cut after this.
const stopMsMax = 3_000;
// A fast model sends words faster than a page should be drawn; they are shown in steps of this length.
const wordsEveryMs = 50;
let live: readonly LiveAnswer[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly LiveAnswer[]): void {
  live = next;
  for (const listener of listeners) listener();
}

/** Entries are recognised by their aborter; everything else of them changes. */
function change(aborter: AbortController, changed: Partial<LiveAnswer>): void {
  publish(live.map((one) => (one.aborter === aborter ? { ...one, ...changed } : one)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

const none: readonly LiveAnswer[] = [];

/** Every answer that is arriving or has arrived since the page was loaded and is not yet read from history. */
export function useLiveAnswers(): readonly LiveAnswer[] {
  return useSyncExternalStore(subscribe, () => live, () => none);
}

/**
 * Sends a question. Resolves when the answer is finished, refused or broken; the failure is in the turn. False when the
 * question was never accepted, so that whoever typed it can have it back.
 */
export async function startAnswer(body: AskBody): Promise<boolean> {
  const conversationId = body.conversationId ?? newConversation;
  const aborter = new AbortController();
  let turn = newTurn(body.question, new Date().toISOString());
  // A failed attempt in the same place gives way to the new one.
  const others = live.filter((one) => one.conversationId !== conversationId || isRunning(one.turn));
  publish([...others, { turn, conversationId, unaddressed: body.conversationId === undefined, title: null, aborter }]);

  let words: ReturnType<typeof setTimeout> | undefined;
  const show = (changed: Partial<LiveAnswer> = {}): void => {
    clearTimeout(words);
    words = undefined;
    change(aborter, { turn, ...changed });
  };
  try {
    for await (const event of askQuestion(body, aborter.signal)) {
      turn = applyEvent(turn, event);
      if (event.type === 'text') words ??= setTimeout(show, wordsEveryMs);
      else if (event.type !== 'started') show();
      else {
        show({ conversationId: event.conversationId, title: event.title });
        invalidate('/api/conversations');
      }
    }
  } catch (error) {
    turn = aborter.signal.aborted ? stopped(turn) : failTurn(turn, asFailure(error));
    show();
  }
  const accepted = turn.askedRecord !== null;
  if (accepted) invalidate('/api/conversations');
  return accepted;
}

/** Stops the answer, keeping what has arrived. */
export async function stopAnswer(entry: LiveAnswer): Promise<void> {
  const cut = setTimeout(() => entry.aborter.abort(), stopMsMax);
  entry.aborter.signal.addEventListener('abort', () => clearTimeout(cut));
  if (entry.turn.id === null) return entry.aborter.abort();
  // Not found running there: another process answers, and notices when its stream is closed.
  const answer = await request(`/api/turns/${entry.turn.id}/stop`, { method: 'POST', schema: z.object({ stopped: z.boolean() }) }).catch(() => ({ stopped: false }));
  if (!answer.stopped) entry.aborter.abort();
}

/** Says that the page's address is now that of the conversation, so that /ask means a new one again. */
export function markAddressed(conversationId: string): void {
  const entry = live.find((one) => one.unaddressed && one.conversationId === conversationId);
  if (entry !== undefined) change(entry.aborter, { unaddressed: false });
}

/** Lets go of entries: once history holds their answer, or when a refused question is written anew. */
export function forgetAnswers(forget: (entry: LiveAnswer) => boolean): void {
  if (live.some(forget)) publish(live.filter((one) => !forget(one)));
}

function stopped(turn: TurnView): TurnView {
  return { ...turn, position: null, phase: 'done', outcome: 'stopped' };
}

function asFailure(error: unknown): { code: string; detail: string; requestId: string | null } {
  return { code: error instanceof ProblemError ? error.code : 'internal', ...describeFailure(error) };
}
