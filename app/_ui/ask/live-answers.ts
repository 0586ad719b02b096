/**
 * Answers that are arriving. Kept outside React, so that an answer goes on while its reader looks at another page
 * and is there on return. One entry per conversation, and one for a new one that has no id yet.
 */
'use client';
import { useSyncExternalStore } from 'react';
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
  /** The turn that is answered again, while the new answer is on its way. */
  replaces: string | null;
  body: AskBody;
  aborter: AbortController;
}

// The server is asked to stop; a connection that does not hear it is cut after this.
const stopMsMax = 3_000;
let live: readonly LiveAnswer[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly LiveAnswer[]): void {
  live = next;
  for (const listener of listeners) listener();
}

function change(entry: LiveAnswer, changed: Partial<LiveAnswer>): LiveAnswer {
  const next = { ...entry, ...changed };
  publish(live.map((one) => (one.aborter === entry.aborter ? next : one)));
  return next;
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

/** Sends a question. Resolves when the answer is finished, refused or broken; the failure is in the turn. */
export async function startAnswer(body: AskBody): Promise<void> {
  const conversationId = body.conversationId ?? newConversation;
  const replaces = body.regenerate ?? null;
  const first: LiveAnswer = { turn: newTurn(body.question, new Date().toISOString(), replaces), conversationId, unaddressed: body.conversationId === undefined, title: null, replaces, body, aborter: new AbortController() };
  // A failed attempt in the same place gives way to the new one.
  publish([...live.filter((one) => one.conversationId !== conversationId || isRunning(one.turn)), first]);
  let entry = first;
  try {
    for await (const event of askQuestion(body, first.aborter.signal)) {
      const turn = applyEvent(entry.turn, event);
      if (event.type !== 'started') entry = change(entry, { turn });
      else {
        entry = change(entry, { turn, conversationId: event.conversationId, title: event.title });
        invalidate('/api/conversations');
      }
    }
  } catch (error) {
    entry = change(entry, { turn: first.aborter.signal.aborted ? stopped(entry.turn) : failTurn(entry.turn, asFailure(error)) });
  }
  // A question that was never accepted stays in the list alone; there is nothing in history to read.
  if (entry.turn.askedRecord !== null) invalidate('/api/conversations');
}

/** Stops the answer, keeping what has arrived. */
export async function stopAnswer(entry: LiveAnswer): Promise<void> {
  const cut = setTimeout(() => entry.aborter.abort(), stopMsMax);
  entry.aborter.signal.addEventListener('abort', () => clearTimeout(cut));
  if (entry.turn.id === null) return entry.aborter.abort();
  await request(`/api/turns/${entry.turn.id}/stop`, { method: 'POST' }).catch(() => entry.aborter.abort());
}

/** Says that the page's address is now that of the conversation, so that /ask means a new one again. */
export function markAddressed(conversationId: string): void {
  const entry = live.find((one) => one.unaddressed && one.conversationId === conversationId);
  if (entry !== undefined) change(entry, { unaddressed: false });
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
