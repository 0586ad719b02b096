/** What the conversation routes answer, checked in the browser. The types are those of lib/conversations/types.ts. */
import { z } from 'zod';
import type { Answer, Conversation, ConversationRow, Turn } from '#lib/conversations/types.ts';
import { evidence, method, nearest, outcome, sentence } from './answer.ts';

export const conversationRow = z.object({ id: z.string(), title: z.string(), changedAt: z.string(), turns: z.number() }) satisfies z.ZodType<ConversationRow>;

const answer = z.object({
  outcome,
  text: z.string(),
  sentences: z.array(sentence),
  evidence: z.array(evidence),
  nearest: z.array(nearest),
  method,
  answeredRecord: z.number(),
  createdAt: z.string(),
}) satisfies z.ZodType<Answer>;

const turn = z.object({
  id: z.string(),
  ordinal: z.number(),
  question: z.string(),
  createdAt: z.string(),
  askedRecord: z.number(),
  answer: answer.nullable(),
  withheld: z.boolean(),
  feedback: z.object({ verdict: z.enum(['up', 'down']), comment: z.string() }).nullable(),
}) satisfies z.ZodType<Turn>;

export const conversation = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  turns: z.array(turn),
}) satisfies z.ZodType<Conversation>;

export const examples = z.object({ items: z.array(z.object({ question: z.string() })) });
