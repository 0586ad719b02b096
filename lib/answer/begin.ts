/**
 * Writes down that a question was asked, before anything is searched for it: conversation, turn and the record
 * 'question.asked' in one transaction. If the record cannot be written, nobody is answered.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { computeQueryVector } from '../search/query-vector.ts';
import type { QueryVector } from '../search/types.ts';
import { condense } from './condense.ts';
import { withoutCitations } from './cite.ts';
import type { Exchange } from './prompt.ts';

const titleCharactersMax = 80;
const earlierTurnsMax = 3;

export interface AskInput {
  question: string;
  conversationId?: string | undefined;
  /** Collections to ask; unset: all that the member may read. */
  scope?: readonly string[] | undefined;
  /** A turn whose question is to be answered once more. */
  regenerate?: string | undefined;
  /** For a new conversation: what a program says was said before, oldest first. Its word is all there is for it, so it is kept with the record. */
  history?: readonly Exchange[] | undefined;
}

/** A question that is on record and may be answered. */
export interface BegunTurn {
  conversationId: string;
  turnId: string;
  ordinal: number;
  title: string;
  question: string;
  query: string;
  scope: string[] | null;
  history: Exchange[];
  askedRecord: number;
  /** Of `query`, on its way; null where no embedder is ready. Rejects only with the abort. */
  vector: Promise<QueryVector | null>;
}

interface Asked {
  question: string;
  scope: string[] | null;
  /** Turns up to here are what was said before. */
  before: number | null;
}

/**
 * Records the question, and has the vector of what will be searched for made meanwhile: that reads nothing of any
 * document. Where the question cannot be recorded, that work is broken off.
 */
export async function beginTurn(actor: MemberActor, input: AskInput, { conversationId, signal }: { conversationId: string; signal: AbortSignal }): Promise<BegunTurn> {
  const unrecorded = new AbortController();
  let vector: BegunTurn['vector'] = Promise.resolve(null);
  const onQuery = (query: string): void => {
    vector = computeQueryVector(query, AbortSignal.any([signal, unrecorded.signal]));
    // Whoever searches hears of an abort; where nobody comes to search, nobody needs to.
    vector.catch(() => undefined);
  };
  try {
    const turn = await transaction(actor, (tx) => writeTurn(tx, actor, { input, conversationId, onQuery }));
    return { ...turn, vector };
  } catch (error) {
    unrecorded.abort();
    // Two questions at the same moment want to be the same turn of the conversation.
    if (isDuplicate(error)) throw new Problem('question-in-progress', { cause: error });
    throw error;
  }
}

interface Beginning {
  input: AskInput;
  /** The conversation's, or the one a new conversation gets. */
  conversationId: string;
  /** Told what will be searched for, before that is on record. */
  onQuery: (query: string) => void;
}

async function writeTurn(tx: Tx, actor: MemberActor, { input, conversationId, onQuery }: Beginning): Promise<Omit<BegunTurn, 'vector'>> {
  const isNew = input.conversationId === undefined;
  const continued = isNew ? null : await touchConversation(tx, conversationId);
  const asked = await readAsked(tx, input, conversationId);
  const earlier = isNew ? toEarlier(input.history ?? []) : await readEarlier(tx, conversationId, asked.before);
  const query = condense(asked.question, earlier);
  onQuery(query);
  const title = continued ?? (await addConversation(tx, actor, { id: conversationId, question: input.question }));
  const ordinal = isNew ? 1 : await nextOrdinal(tx, conversationId);
  const turnId = randomUUID();
  const askedRecord = await appendRecord(tx, actor, {
    event: 'question.asked',
    subject: { kind: 'turn', id: turnId },
    turnId,
    details: { conversationId, ordinal, scope: asked.scope, regenerates: input.regenerate ?? null },
    content: { question: asked.question, query, ...(isNew && input.history !== undefined && input.history.length > 0 ? { history: input.history } : {}) },
  });
  await tx.insertInto('turns').values({
    id: turnId, conversation_id: conversationId, member_id: actor.id, ordinal, question: asked.question, query, scope: asked.scope, asked_record: askedRecord,
  }).execute();
  const history = earlier.filter((turn) => turn.answer !== '').map(({ question, answer }) => ({ question, answer }));
  return { conversationId, turnId, ordinal, title, question: asked.question, query, scope: asked.scope, history, askedRecord };
}

async function addConversation(tx: Tx, actor: MemberActor, { id, question }: { id: string; question: string }): Promise<string> {
  const title = titleOf(question);
  await tx.insertInto('conversations').values({ id, member_id: actor.id, title }).execute();
  return title;
}

/** A conversation's first title: the question, cut between words. */
export function titleOf(question: string): string {
  const line = question.replace(/\s+/g, ' ').trim();
  if (line.length <= titleCharactersMax) return line;
  // Nor inside a character that takes two units.
  return `${line.slice(0, titleCharactersMax).replace(/\s+\S*$|[\ud800-\udbff]$/, '')} …`;
}

async function touchConversation(tx: Tx, id: string): Promise<string> {
  const found = await tx.updateTable('conversations').set({ changed_at: sql`now()` })
    .where('id', '=', id).where('deleted_at', 'is', null).returning('title').executeTakeFirst();
  if (found === undefined) throw new Problem('not-found', { detail: 'This conversation does not exist, or it belongs to someone else.' });
  return found.title;
}

async function readAsked(tx: Tx, input: AskInput, conversationId: string): Promise<Asked> {
  if (input.regenerate === undefined) return { question: input.question, scope: input.scope === undefined ? null : [...input.scope], before: null };
  const turn = await tx.selectFrom('turns').select(['question', 'scope', 'ordinal'])
    .where('id', '=', input.regenerate).where('conversation_id', '=', conversationId).executeTakeFirst();
  if (turn === undefined) throw new Problem('not-found', { detail: 'The question to answer again does not exist, or it belongs to someone else.' });
  return { question: turn.question, scope: turn.scope, before: turn.ordinal };
}

async function nextOrdinal(tx: Tx, conversationId: string): Promise<number> {
  const { last } = await tx.selectFrom('turns').select((select) => select.fn.max('ordinal').as('last')).where('conversation_id', '=', conversationId).executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

function toEarlier(history: readonly Exchange[]): z.infer<typeof earlierSchema> {
  return history.slice(-earlierTurnsMax).map(({ question, answer }) => ({ question, query: question, answer: withoutCitations(answer), citedTitles: [] }));
}

const earlierSchema = z.array(z.object({ question: z.string(), query: z.string(), answer: z.string(), citedTitles: z.array(z.string()) }));

/**
 * The last turns, oldest first. An answer that may not be read any more is empty here: it must not speak through the
 * next one, nor may the title of its document, with which the questions after it may have been completed.
 */
async function readEarlier(tx: Tx, conversationId: string, before: number | null): Promise<z.infer<typeof earlierSchema>> {
  const { rows } = await sql<unknown>`
    select t.question, coalesce(a.text, '') as answer,
      case when exists (
        select from turns w where w.conversation_id = t.conversation_id and w.ordinal <= t.ordinal and answer_exists(w.id)
          and not exists (select from answers o where o.turn_id = w.id)
      ) then t.question else t.query end as query,
      coalesce((select array_agg(e.title order by e.number) from evidence e where e.turn_id = t.id and e.cited), '{}') as "citedTitles"
    from turns t left join answers a on a.turn_id = t.id and a.outcome in ('generated', 'quoted')
    where t.conversation_id = ${conversationId} and t.ordinal < ${before ?? 2 ** 31 - 1}::int
    order by t.ordinal desc limit ${earlierTurnsMax}::int`.execute(tx);
  return earlierSchema.parse(rows).map((turn) => ({ ...turn, answer: withoutCitations(turn.answer) })).toReversed();
}
