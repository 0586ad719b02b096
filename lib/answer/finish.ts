/**
 * Keeps an answer: the answer, its evidence and the record 'question.answered' with everything a reviewer needs, in
 * one transaction. The record holds why the asker could read each document at this moment.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import type { AuditOutcome } from '../audit/types.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { isProblem } from '../errors.ts';
import type { BegunTurn } from './begin.ts';
import type { Evidence, Method, Outcome, Sentence } from './events.ts';
import { toNearest } from './evidence.ts';
import type { Loss } from './guard.ts';
import { readRights, type Right } from './rights.ts';

export interface FinishedAnswer {
  outcome: Outcome;
  text: string;
  sentences: Sentence[];
  /** What the model was given or what was quoted; for 'not-found' what came nearest. */
  evidence: Evidence[];
  method: Method;
  /** What ended it although nobody stopped it; null: nothing. */
  stoppedBecause: Loss | null;
}

export interface Kept {
  answeredRecord: number;
  /** Documents of the evidence that stopped being readable while the answer was written: the answer is withheld. */
  lost: string[];
}

const auditOutcomes = { generated: 'answered', quoted: 'quoted', 'not-found': 'abstained', stopped: 'stopped', failed: 'failed' } as const satisfies Record<Outcome, AuditOutcome>;
/** A database that restarts is back within seconds, and the answer is still in memory. */
const retryAfterMs = [500, 2000];

/** Saves the answer; tries again while the database is away. Throws 'database-unavailable' or 'record-not-written'. */
export async function keepAnswer(actor: MemberActor, turn: BegunTurn, answer: FinishedAnswer): Promise<Kept> {
  for (const pause of retryAfterMs) {
    try {
      return await transaction(actor, (tx) => writeAnswer(tx, actor, { turn, answer }));
    } catch (error) {
      if (!isProblem(error, 'database-unavailable')) throw error;
      await sleep(pause);
    }
  }
  return transaction(actor, (tx) => writeAnswer(tx, actor, { turn, answer }));
}

async function writeAnswer(tx: Tx, actor: MemberActor, { turn, answer }: { turn: BegunTurn; answer: FinishedAnswer }): Promise<Kept> {
  const documentIds = [...new Set(answer.evidence.map((evidence) => evidence.documentId))];
  const rights = await readRights(tx, documentIds);
  const readable = answer.evidence.filter((evidence) => rights.has(evidence.documentId));
  // A member who was disabled meanwhile has no answers any more; what was written for them stands in the record alone.
  const disabled = rights.size === 0 && (await isDisabled(tx));
  if (readable.length > 0) {
    await tx.insertInto('evidence').values(readable.map((evidence) => evidenceRow(actor, turn, evidence))).execute();
  }
  const answeredRecord = await appendRecord(tx, actor, {
    event: 'question.answered',
    outcome: auditOutcomes[answer.outcome],
    subject: { kind: 'turn', id: turn.turnId },
    turnId: turn.turnId,
    details: describe(turn, answer, rights),
    content: {
      question: turn.question,
      query: turn.query,
      answer: answer.text,
      evidence: answer.evidence.map(({ number, title, text, textSha256, place }) => ({ number, title, text, textSha256, place })),
    },
  });
  if (disabled) return { answeredRecord, lost: documentIds };
  await tx.insertInto('answers').values({
    turn_id: turn.turnId, member_id: actor.id, outcome: answer.outcome, text: answer.text, sentences: JSON.stringify(answer.sentences),
    // What came nearest was shown but nothing was answered from it: it is withheld passage by passage, not as a whole.
    document_ids: answer.outcome === 'not-found' ? [] : documentIds,
    method: JSON.stringify({ ...answer.method, nearest: reasonsOf(turn, answer) }), answered_record: answeredRecord,
  }).execute();
  return { answeredRecord, lost: documentIds.filter((id) => !rights.has(id)) };
}

/** Why each passage that came nearest is no answer: kept, because the words of a later version might tell it otherwise. */
function reasonsOf(turn: BegunTurn, answer: FinishedAnswer): { number: number; why: string }[] {
  if (answer.outcome !== 'not-found') return [];
  return toNearest(turn.query, answer.evidence).map(({ number, why }) => ({ number, why }));
}

function evidenceRow(actor: MemberActor, turn: BegunTurn, evidence: Evidence) {
  return {
    id: evidence.id, turn_id: turn.turnId, member_id: actor.id, number: evidence.number, document_id: evidence.documentId, version_id: evidence.versionId,
    chunk_ordinal: evidence.ordinal, title: evidence.title, text: evidence.text, text_sha256: evidence.textSha256, place: JSON.stringify(evidence.place),
    scores: JSON.stringify(evidence.scores), cited: evidence.cited,
  };
}

function describe(turn: BegunTurn, answer: FinishedAnswer, rights: ReadonlyMap<string, Right[]>): Record<string, unknown> {
  return {
    conversationId: turn.conversationId,
    ordinal: turn.ordinal,
    askedRecord: turn.askedRecord,
    outcome: answer.outcome,
    ...(answer.stoppedBecause === null ? {} : { stoppedBecause: answer.stoppedBecause }),
    scope: turn.scope,
    answerSha256: createHash('sha256').update(answer.text).digest('hex'),
    sentences: answer.sentences.map(({ support, citations }) => ({ support, citations })),
    evidence: answer.evidence.map((evidence) => ({
      number: evidence.number, documentId: evidence.documentId, versionId: evidence.versionId, versionNumber: evidence.versionNumber,
      collectionId: evidence.collectionId, chunkOrdinal: evidence.ordinal, textSha256: evidence.textSha256, cited: evidence.cited, scores: evidence.scores,
      readableBecause: rights.get(evidence.documentId) ?? [],
    })),
    // The question's words are content and stand there.
    method: { ...answer.method, query: undefined },
  };
}

async function isDisabled(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ disabled: boolean }>`select actor_role() is null as disabled`.execute(tx);
  return rows[0]?.disabled ?? true;
}
