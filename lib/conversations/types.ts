/** A member's conversations as their owner sees them. */
import type { Evidence, Method, Nearest, Outcome, Sentence } from '../answer/events.ts';

export interface ConversationRow {
  id: string;
  title: string;
  /** ISO 8601 */
  changedAt: string;
  turns: number;
}

export interface Turn {
  id: string;
  ordinal: number;
  question: string;
  createdAt: string;
  /** Number of the question's record in the audit log. */
  askedRecord: number;
  /** Null: not finished (still answering, or interrupted). */
  answer: Answer | null;
  /** True when the answer exists but rests on documents its asker may no longer read. */
  withheld: boolean;
  feedback: { verdict: 'up' | 'down'; comment: string } | null;
}

export interface Answer {
  outcome: Outcome;
  text: string;
  sentences: Sentence[];
  evidence: Evidence[];
  /** Filled when the outcome is 'not-found'. */
  nearest: Nearest[];
  method: Method;
  answeredRecord: number;
  createdAt: string;
}

export interface Conversation {
  id: string;
  title: string;
  createdAt: string;
  changedAt: string;
  turns: Turn[];
}
