/**
 * Appends a record in the caller's transaction, so that an act and its record are kept together or not at all.
 * The record's number is taken under a lock that lasts until the transaction ends: append last, commit soon.
 */
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import type { Tx } from '../db/transaction.ts';
import { isUnavailable } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { currentRequestId } from '../request.ts';
import { leafHash } from './merkle.ts';
import type { AuditEvent, AuditOutcome } from './types.ts';

export interface NewRecord {
  event: AuditEvent;
  outcome?: AuditOutcome;
  subject?: { kind: 'collection' | 'document' | 'version' | 'conversation' | 'turn' | 'member' | 'group' | 'grant' | 'model' | 'record' | 'route' | 'setting' | 'key' | 'proposal' | 'client'; id: string; name?: string };
  collectionId?: string;
  documentId?: string;
  turnId?: string;
  /** Facts that are hashed into the record. No texts of questions, answers or documents. */
  details?: Record<string, unknown>;
  /** Texts; the record holds their hash, so that they can be erased without breaking the log. */
  content?: Record<string, unknown>;
  /** Whom the record is about when nobody is signed in yet (sign-in). */
  memberId?: string;
}

/** Appends and returns the record's number. Throws Problem 'record-not-written' when it cannot be written. */
export async function appendRecord(tx: Tx, actor: Actor, record: NewRecord): Promise<number> {
  try {
    return await insertRecord(tx, actor, record);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    throw new Problem('record-not-written', { cause: error });
  }
}

async function insertRecord(tx: Tx, actor: Actor, record: NewRecord): Promise<number> {
  const content = record.content === undefined ? null : Buffer.from(JSON.stringify(record.content));
  const claimed = await sql<{ seq: number; at: string }>`
    select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from claim_audit_seq()`.execute(tx);
  const claim = claimed.rows[0];
  if (claim === undefined) throw new Error('The database gave no record number.');
  const columns = {
    seq: claim.seq,
    at: claim.at,
    event: record.event,
    outcome: record.outcome ?? 'done',
    actor_id: actor.kind === 'member' ? actor.id : (record.memberId ?? null),
    actor_role: actor.kind === 'member' ? actor.role : actor.name,
    request_id: currentRequestId() ?? null,
    subject_kind: record.subject?.kind ?? null,
    subject_id: record.subject?.id ?? null,
    collection_id: record.collectionId ?? null,
    document_id: record.documentId ?? null,
    turn_id: record.turnId ?? null,
  };
  const body = Buffer.from(JSON.stringify({
    v: 1,
    id: randomUUID(),
    ...columns,
    subject_name: record.subject?.name ?? null,
    // What a member did in person has no such name in it.
    ...(actor.kind === 'member' && actor.key !== undefined ? { key: { id: actor.key.id, name: actor.key.name } } : {}),
    details: record.details ?? {},
    content_sha256: content === null ? null : createHash('sha256').update(content).digest('hex'),
  }));
  await tx.insertInto('audit_records').values({ ...columns, body, content, leaf_hash: leafHash(body) }).execute();
  return claim.seq;
}
