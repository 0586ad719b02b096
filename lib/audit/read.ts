/** The audit log for compliance. Row-level security lets nobody else read a row; reading is itself recorded. */
import { createHash } from 'node:crypto';
import { sql, type SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import type { DB } from '../db/types.generated.ts';
import { Problem } from '../errors.ts';
import { appendRecord } from './append.ts';
import { leafHash } from './merkle.ts';
import type { RecordQuery } from './query.ts';
import { auditEvents, auditOutcomes, type AuditEvent, type Person, type RecordInFull, type RecordRow } from './types.ts';

// Counting stops here: a filter that matches everything in a large log must not read the whole log.
const countMax = 10_000;
// Enough for a list to pick from; beyond it a person is found through one of their records.
const peopleMax = 2_000;

export interface RecordPage {
  items: RecordRow[];
  /** Cursor of the next page. */
  next: string | null;
}

const eventNames = Object.keys(auditEvents).filter((name): name is AuditEvent => name in auditEvents);

/** What of a record's hashed bytes a list shows. */
const namedSchema = z.object({ subject_name: z.string().nullable(), key: z.object({ id: z.string(), name: z.string() }).nullable().default(null) });

const rowSchema = z.object({
  seq: z.number(),
  at: z.string(),
  event: z.enum(eventNames),
  outcome: z.enum(auditOutcomes),
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  actorRole: z.string().nullable(),
  subjectKind: z.string().nullable(),
  subjectId: z.string().nullable(),
  // Read here and not in SQL: JSON may hold characters that the database takes for no text, and then no list could be read.
  body: z.instanceof(Buffer),
  turnId: z.string().nullable(),
}).transform(({ body, ...row }) => {
  const { subject_name: subjectName, key } = namedSchema.parse(JSON.parse(body.toString('utf8')));
  return { ...row, subjectName, key };
});

const bodySchema = z.object({
  request_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  content_sha256: z.string().nullable(),
});
const contentSchema = z.record(z.string(), z.unknown());

/** A page of records, newest first. The first page of a view is recorded as a look through the log, with its filter. */
export async function listRecords(actor: Actor, query: RecordQuery): Promise<RecordPage> {
  return transaction(actor, async (tx) => {
    const rows = await selectRows(filtered(tx, query))
      .$if(query.cursor !== undefined, (builder) => builder.where('r.seq', '<', query.cursor ?? 0))
      .orderBy('r.seq', 'desc')
      .limit(query.limit + 1)
      .execute();
    const items = z.array(rowSchema).parse(rows.slice(0, query.limit));
    if (query.cursor === undefined) await recordLook(tx, actor, query);
    return {
      items,
      next: rows.length > query.limit ? String(items.at(-1)?.seq ?? 0) : null,
    };
  });
}

/** How many records match, counted up to 10,000. */
export async function countRecords(actor: Actor, query: RecordQuery): Promise<{ total: number; totalIsExact: boolean }> {
  const { total } = await transaction(actor, (tx) => tx
    .selectFrom(filtered(tx, query).select('r.seq').limit(countMax + 1).as('matching'))
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow());
  return { total: Math.min(total, countMax), totalIsExact: total <= countMax };
}

/** One record with its texts and the other records of its turn. Throws Problem 'not-found'. */
export async function readRecord(actor: Actor, seq: number): Promise<RecordInFull> {
  return transaction(actor, async (tx) => {
    const found = await selectRows(tx.selectFrom('audit_records as r'))
      .select(['r.content', 'r.leaf_hash'])
      .where('r.seq', '=', seq)
      .executeTakeFirst();
    if (found === undefined) throw new Problem('not-found');
    const row = rowSchema.parse(found);
    const related = row.turnId === null ? [] : await selectRows(tx.selectFrom('audit_records as r'))
      .where('r.turn_id', '=', row.turnId).where('r.seq', '<>', seq).orderBy('r.seq').limit(100).execute();
    await appendRecord(tx, actor, { event: 'audit.opened', subject: { kind: 'record', id: String(seq) } });
    return { ...row, ...readBytes(found), related: z.array(rowSchema).parse(related) };
  });
}

function readBytes(found: { body: Buffer; content: Buffer | null; leaf_hash: Buffer }) {
  const body = bodySchema.parse(JSON.parse(found.body.toString('utf8')));
  const contentHash = found.content === null ? null : createHash('sha256').update(found.content).digest('hex');
  return {
    requestId: body.request_id,
    details: body.details,
    content: found.content === null ? null : contentSchema.parse(JSON.parse(found.content.toString('utf8'))),
    contentSha256: body.content_sha256,
    leafHash: found.leaf_hash.toString('hex'),
    intact: leafHash(found.body).equals(found.leaf_hash) && contentHash === body.content_sha256,
  };
}

async function recordLook(tx: Tx, actor: Actor, query: RecordQuery): Promise<void> {
  const { cursor: _cursor, limit: _limit, ...filter } = query;
  await appendRecord(tx, actor, { event: 'audit.searched', details: { filter } });
}

type Records = SelectQueryBuilder<DB & { r: DB['audit_records'] }, 'r', object>;

function filtered(tx: Tx, query: RecordQuery): Records {
  return tx
    .selectFrom('audit_records as r')
    .$if(query.event !== undefined && query.event.length > 0, (builder) => builder.where('r.event', 'in', query.event ?? []))
    .$if(query.outcome !== undefined, (builder) => builder.where('r.outcome', '=', query.outcome ?? ''))
    .$if(query.actor !== undefined, (builder) => builder.where('r.actor_id', '=', query.actor ?? ''))
    .$if(query.collection !== undefined, (builder) => builder.where('r.collection_id', '=', query.collection ?? ''))
    .$if(query.document !== undefined, (builder) => builder.where('r.document_id', '=', query.document ?? ''))
    .$if(query.from !== undefined, (builder) => builder.where('r.at', '>=', new Date(query.from ?? 0)))
    .$if(query.to !== undefined, (builder) => builder.where('r.at', '<', new Date(query.to ?? 0)));
}

function selectRows<Output>(records: SelectQueryBuilder<DB & { r: DB['audit_records'] }, 'r', Output>) {
  return records
    .leftJoin('members as m', 'm.id', 'r.actor_id')
    .select([
      'r.seq',
      sql<string>`to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'),
      'r.event',
      'r.outcome',
      'r.actor_id as actorId',
      'm.name as actorName',
      'r.actor_role as actorRole',
      'r.subject_kind as subjectKind',
      'r.subject_id as subjectId',
      'r.body',
      'r.turn_id as turnId',
    ]);
}

/** Everybody who could have acted, by name. Empty for all but compliance and admins (row-level security on members). */
export async function listPeople(actor: Actor): Promise<Person[]> {
  return transaction(actor, (tx) => tx.selectFrom('members').select(['id', 'name', 'role']).orderBy('name').limit(peopleMax).execute());
}
