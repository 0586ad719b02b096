/**
 * A member's own conversations. Row-level security shows them to nobody else, and hides an answer or a passage from
 * its own asker once a document behind it is no longer theirs to read; such a turn says that it is withheld.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { answerSchema, evidenceSchema, readAnswer, type EvidenceRow } from './rows.ts';
import type { Conversation, ConversationRow, Turn } from './types.ts';

const pageSizeMax = 100;

export const conversationQuery = z.object({
  /** Words of the title or of a question. */
  q: z.string().trim().max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(pageSizeMax).default(50),
});
export type ConversationQuery = z.infer<typeof conversationQuery>;

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);
const rowSchema = z.object({ id: z.string(), title: z.string(), changedAt: z.string(), turns: z.number() });

/** The member's conversations, last changed first. */
export async function listConversations(actor: Actor, query: ConversationQuery): Promise<{ items: ConversationRow[]; next: string | null }> {
  const after = readCursor(query.cursor);
  const like = query.q === undefined || query.q === '' ? null : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await transaction(actor, (tx) => sql<unknown>`
    select c.id, c.title, to_char(c.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "changedAt",
      (select count(*)::int from turns t where t.conversation_id = c.id) as turns
    from conversations c
    where c.deleted_at is null
      and (${like}::text is null or c.title ilike ${like}::text
        or exists (select from turns t where t.conversation_id = c.id and t.question ilike ${like}::text))
      and (${after?.[0] ?? null}::timestamptz is null
        or (c.changed_at, c.id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::uuid))
    order by c.changed_at desc, c.id desc
    limit ${query.limit + 1}::int`.execute(tx));
  const found = z.array(rowSchema).parse(rows);
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  return { items, next: found.length > query.limit && last !== undefined ? writeCursor([last.changedAt, last.id]) : null };
}

function writeCursor(place: z.infer<typeof cursorSchema>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function readCursor(cursor: string | undefined): z.infer<typeof cursorSchema> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new Problem('invalid-input', { detail: 'The place in the list is not one that this list gave out.', cause });
  }
}

const headSchema = z.object({ id: z.string(), title: z.string(), createdAt: z.string(), changedAt: z.string() });

/** A conversation with its turns and what its owner may still read of their answers. Throws Problem 'not-found'. */
export async function readConversation(actor: Actor, id: string): Promise<Conversation> {
  return transaction(actor, async (tx) => {
    const { rows } = await sql<unknown>`
      select id, title, to_json(created_at) as "createdAt", to_json(changed_at) as "changedAt"
      from conversations where id = ${id} and deleted_at is null`.execute(tx);
    const [head] = z.array(headSchema).parse(rows);
    if (head === undefined) throw new Problem('not-found', { detail: 'This conversation does not exist, or it belongs to someone else.' });
    return { ...head, turns: await readTurns(tx, id) };
  });
}

const turnSchema = z.object({
  id: z.string(),
  ordinal: z.number(),
  question: z.string(),
  createdAt: z.string(),
  askedRecord: z.number(),
  answered: z.boolean(),
  answer: answerSchema.nullable(),
  feedback: z.object({ verdict: z.enum(['up', 'down']), comment: z.string() }).nullable(),
});

async function readTurns(tx: Tx, conversationId: string): Promise<Turn[]> {
  const { rows } = await sql<unknown>`
    select t.id, t.ordinal, t.question, to_json(t.created_at) as "createdAt", t.asked_record as "askedRecord", answer_exists(t.id) as answered,
      case when a.turn_id is null then null else json_build_object(
        'outcome', a.outcome, 'text', a.text, 'sentences', a.sentences, 'method', a.method,
        'answeredRecord', a.answered_record, 'createdAt', a.created_at) end as answer,
      case when f.turn_id is null then null else json_build_object('verdict', f.verdict, 'comment', f.comment) end as feedback
    from turns t
    left join answers a on a.turn_id = t.id
    left join feedback f on f.turn_id = t.id
    where t.conversation_id = ${conversationId}
    order by t.ordinal`.execute(tx);
  const evidence = await readEvidence(tx, conversationId);
  return z.array(turnSchema).parse(rows).map(({ answered, answer, ...turn }) => ({
    ...turn,
    answer: answer === null ? null : readAnswer(answer, evidence.filter((each) => each.turnId === turn.id)),
    withheld: answered && answer === null,
  }));
}

async function readEvidence(tx: Tx, conversationId: string): Promise<EvidenceRow[]> {
  const { rows } = await sql<unknown>`
    select e.id, e.turn_id as "turnId", e.number, e.document_id as "documentId", e.version_id as "versionId", v.number as "versionNumber",
      d.collection_id as "collectionId", c.name as "collectionName", e.title, v.format, e.chunk_ordinal as ordinal, e.text,
      e.text_sha256 as "textSha256", e.place, e.scores, e.cited
    from evidence e
    join turns t on t.id = e.turn_id
    join versions v on v.id = e.version_id
    join documents d on d.id = e.document_id
    join collections c on c.id = d.collection_id
    where t.conversation_id = ${conversationId}
    order by e.number`.execute(tx);
  return z.array(evidenceSchema).parse(rows);
}
