/**
 * A record of the audit log as a SIEM gets it: the facts that were hashed, never a text of a question, an answer or a
 * document. Hashes of such texts stay out too, because a SIEM keeps what was erased here and a short text can be guessed
 * from its hash. Pure; the formats beside it turn a record into one line each.
 */
import { z } from 'zod';
import { auditEvents } from '../types.ts';

export interface SiemRecord {
  seq: number;
  /** ISO 8601 with microseconds, UTC. */
  at: string;
  event: string;
  outcome: string | null;
  /** Lower-case hex: what binds the line to the log here. */
  leafHash: string;
  id: string | null;
  actorId: string | null;
  actorRole: string | null;
  keyId: string | null;
  keyName: string | null;
  requestId: string | null;
  subjectKind: string | null;
  subjectId: string | null;
  subjectName: string | null;
  collectionId: string | null;
  documentId: string | null;
  turnId: string | null;
  details: Record<string, unknown>;
  /** What was left out because the message would have been too long: 'details', then 'details,names'. */
  cut: string | null;
}

/** What the database holds of a record and the SIEM's role may read. */
export interface RecordBytes {
  seq: number;
  at: string;
  event: string;
  body: Buffer;
  leaf_hash: Buffer;
}

const text = z.string().nullish().transform((value) => value ?? null).catch(null);
const bodySchema = z.object({
  outcome: text, id: text, actor_id: text, actor_role: text, request_id: text,
  subject_kind: text, subject_id: text, subject_name: text, collection_id: text, document_id: text, turn_id: text,
  key: z.object({ id: text, name: text }).nullish().catch(null),
  details: z.record(z.string(), z.unknown()).catch({}),
}).catch({
  outcome: null, id: null, actor_id: null, actor_role: null, request_id: null,
  subject_kind: null, subject_id: null, subject_name: null, collection_id: null, document_id: null, turn_id: null, key: null, details: {},
});
/** Hashes of texts, wherever they stand in the details. */
const textHashes = new Set(['answerSha256', 'textSha256', 'contentSha256', 'questionSha256']);

/** Never throws: bytes that are no record of ours are sent as number, time, event and hash, so that nothing behind them waits. */
export function toSiemRecord({ seq, at, event, body, leaf_hash: leafHash }: RecordBytes): SiemRecord {
  const read = bodySchema.parse(parseJson(body.toString('utf8')));
  return {
    seq, at, event, outcome: read.outcome, leafHash: leafHash.toString('hex'), id: read.id,
    actorId: read.actor_id, actorRole: read.actor_role, keyId: read.key?.id ?? null, keyName: read.key?.name ?? null, requestId: read.request_id,
    subjectKind: read.subject_kind, subjectId: read.subject_id, subjectName: read.subject_name,
    collectionId: read.collection_id, documentId: read.document_id, turnId: read.turn_id,
    details: withoutHashes(read.details), cut: null,
  };
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return null;
  }
}

function withoutHashes(details: Record<string, unknown>): Record<string, unknown> {
  const kept: unknown = JSON.parse(JSON.stringify(details, (name, value: unknown) => (textHashes.has(name) ? undefined : value)));
  return z.record(z.string(), z.unknown()).parse(kept);
}

/** The words for an event, or the event itself where this version does not know it. Plain ASCII. */
export function wordsFor(event: string): string {
  return Object.entries(auditEvents).find(([name]) => name === event)?.[1] ?? 'Record';
}

/** Refusals and failures stand out; everything else is information. */
export function isTrouble({ outcome }: SiemRecord): boolean {
  return outcome === 'refused' || outcome === 'failed';
}

/** Name and value of everything that is not null, in a fixed order. Values are escaped for people (`visible`), not yet for a format. */
export function factsOf({ details, event: _event, at: _at, seq, ...texts }: SiemRecord): (readonly [name: string, value: string])[] {
  const named = Object.entries(texts).flatMap(([name, value]) => (value === null ? [] : [[name, visible(value)] as const]));
  const told = Object.keys(details).length === 0 ? [] : [['details', jsonText(details)] as const];
  return [['seq', String(seq)], ...named, ...told];
}

// Controls, marks that turn text around or hide it, line and paragraph separators, halves of surrogate pairs. The two joiners belong to words and emoji.
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Free text in which every character can be seen: `\\` for a backslash, `\uXXXX` for what is hidden and for a space at either end. */
export function visible(value: string): string {
  return value.replaceAll('\\', '\\\\').replace(hidden, codes).replace(/^ | $/g, codes);
}

/** JSON of one line in which every character can be seen. Any JSON parser gives the value back. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(hidden, codes);
}

function codes(found: string): string {
  return found.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

const nameLengths = [256, 64, 16, 0];

/**
 * The message of `format`, at most `bytesMax` bytes long: details go first, then the length of every text. A receiver
 * that gets more than it takes whole may split it, and the second part would read as a message of its own.
 */
export function fit(record: SiemRecord, bytesMax: number, format: (record: SiemRecord) => string): string {
  const fits = (message: string): boolean => Buffer.byteLength(message) <= bytesMax;
  const whole = format(record);
  if (fits(whole)) return whole;
  const short = format({ ...record, details: {}, cut: 'details' });
  if (fits(short)) return short;
  return nameLengths.map((length) => format(shortened(record, length))).find(fits) ?? format(shortened(record, 0));
}

function shortened(record: SiemRecord, length: number): SiemRecord {
  const { seq, at, event, leafHash, details: _details, cut: _cut, ...texts } = record;
  const short = Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, length === 0 ? null : (value?.slice(0, length) ?? null)]));
  return { ...record, ...short, seq, at, event: event.slice(0, 64), leafHash: leafHash.slice(0, 64), details: {}, cut: 'details,names' };
}
