/**
 * The answers being written in this process: one at a time for a conversation, and each can be stopped. With several
 * web processes, a stop that reaches another one finds nothing here; the browser then also closes its own stream,
 * which the process that answers notices (see docs/decisions/0008-answers.md).
 */
import { Problem } from '../errors.ts';

export interface Running {
  conversationId: string;
  readonly stop: AbortController;
  /** Set once the turn exists. */
  turnId?: string;
}

// Next bundles a module once per route; what runs must still be known in the whole process.
const shared: typeof globalThis & { attestRunning?: Map<string, Running> } = globalThis;

function running(): Map<string, Running> {
  shared.attestRunning ??= new Map();
  return shared.attestRunning;
}

/** Marks a conversation as being answered. Throws 'question-in-progress' when it is already. */
export function claimConversation(conversationId: string): Running {
  if (running().has(conversationId)) throw new Problem('question-in-progress');
  const claim: Running = { conversationId, stop: new AbortController() };
  running().set(conversationId, claim);
  return claim;
}

export function releaseConversation(claim: Running): void {
  if (running().get(claim.conversationId) === claim) running().delete(claim.conversationId);
}

/** True while that turn is being answered in this process. */
export function isRunning(turnId: string): boolean {
  return find(turnId) !== undefined;
}

/** Stops the answer to that turn; false when it is not being written here. Whose turn it is must be checked before. */
export function stopTurn(turnId: string): boolean {
  const found = find(turnId);
  found?.stop.abort();
  return found !== undefined;
}

function find(turnId: string): Running | undefined {
  for (const each of running().values()) if (each.turnId === turnId) return each;
  return undefined;
}
