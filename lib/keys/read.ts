/** API keys of a member, and for admins those of everybody. Row-level security decides which; the hash is never read. */
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { KeyScope, MemberActor } from '../actor.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import type { KeyRow, KeyState, MemberKeyRow } from './types.ts';

/** Keys that a member may have at a time, with those that have ended and are still kept. */
const listedMax = 200;

export const memberKeyQuery = z.object({
  /** Keys of this member only. */
  member: z.uuid().optional(),
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type MemberKeyQuery = z.infer<typeof memberKeyQuery>;

interface Row {
  id: string;
  name: string;
  prefix: string;
  scopes: KeyScope[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  state: KeyState;
  rank: string;
  since: string;
  member_id: string;
  member_name: string;
  member_email: string;
  member_disabled: boolean;
}

/** The member's own keys: those that work first, then the newest first. */
export async function listKeys(actor: MemberActor): Promise<KeyRow[]> {
  const rows = await transaction(actor, (tx) => select(tx, [sql`k.member_id = ${actor.id}`], listedMax));
  return rows.map(keyRow);
}

/** Keys of all members for admins, in the same order within a page. Everybody else gets their own. */
export async function listMemberKeys(actor: MemberActor, query: MemberKeyQuery): Promise<{ items: MemberKeyRow[]; next: string | null }> {
  const after = readCursor(query.cursor, 3);
  const conditions = [
    ...(query.member === undefined ? [] : [sql`k.member_id = ${query.member}`]),
    ...(after === null ? [] : [sql`(${rank}, ${since}, k.id::text) < (${after[0]}, ${after[1]}, ${after[2]})`]),
  ];
  const rows = await transaction(actor, (tx) => select(tx, conditions, query.limit + 1));
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const next = rows.length > query.limit && last !== undefined ? writeCursor(last.rank, last.since, last.id) : null;
  return { items: items.map((row) => ({ ...keyRow(row), member: { id: row.member_id, name: row.member_name, email: row.member_email, disabled: row.member_disabled } })), next };
}

/** One key in the caller's transaction, or undefined. */
export async function findKey(tx: Tx, id: string): Promise<KeyRow | undefined> {
  const [row] = await select(tx, [sql`k.id = ${id}`], 1);
  return row === undefined ? undefined : keyRow(row);
}

// Texts, so that a cursor holding anything at all can be compared with them.
/** '1' for a key that works, '0' for one that does not. */
const rank = sql`(case when k.revoked_at is null and k.expires_at > now() then '1' else '0' end)`;
const since = sql`to_char(k.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;

async function select(tx: Tx, conditions: readonly RawBuilder<unknown>[], limit: number): Promise<Row[]> {
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const found = await sql<Row>`
    select k.id, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at,
      case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'ended' else 'active' end as state,
      ${rank} as rank, ${since} as since, k.member_id, m.name as member_name, m.email as member_email, m.disabled_at is not null as member_disabled
    from api_keys k join members m on m.id = k.member_id
    ${where}
    order by rank desc, since desc, k.id::text desc
    limit ${limit}`.execute(tx);
  return found.rows;
}

function keyRow(row: Row): KeyRow {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    state: row.state,
  };
}
