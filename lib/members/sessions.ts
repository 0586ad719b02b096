/** Where members are signed in, and ending that. */
import type { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction } from '../db/transaction.ts';
import { env } from '../env.ts';
import { Problem } from '../errors.ts';
import { containing, listQuery, type Page } from './query.ts';
import type { SessionRow } from './types.ts';

export const sessionQuery = listQuery;
export type SessionQuery = z.infer<typeof sessionQuery>;

/** Sessions before this moment are over, because nobody has used them since. */
function idleSince(): Date {
  return new Date(Date.now() - env().SESSION_IDLE_MINUTES * 60_000);
}

interface Row {
  id: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date;
  provider: string | null;
  device: string;
  member_id: string;
  name: string;
  email: string;
}

/** The member's own sessions that have not ended, newest first. `currentId` is the one asking. */
export async function listSessions(actor: MemberActor, currentId: string | null): Promise<SessionRow[]> {
  const rows = await transaction(actor, (tx) =>
    tx
      .selectFrom('sessions as s')
      .innerJoin('members as m', 'm.id', 's.member_id')
      .select(['s.id', 's.created_at', 's.expires_at', 's.last_used_at', 's.provider', 's.device', 's.member_id', 'm.name', 'm.email'])
      .where('s.member_id', '=', actor.id)
      .where('s.expires_at', '>', new Date())
      .where('s.last_used_at', '>', idleSince())
      .orderBy('s.created_at', 'desc')
      .limit(200)
      .execute(),
  );
  return rows.map((row) => present(row, currentId));
}

/** Everybody's sessions that have not ended, by name; for admins. Row-level security shows everybody else their own. */
export async function listEveryonesSessions(actor: MemberActor, query: SessionQuery, currentId: string | null): Promise<Page<SessionRow>> {
  const after = readCursor(query.cursor, 2);
  const rows = await transaction(actor, (tx) => {
    let select = tx
      .selectFrom('sessions as s')
      .innerJoin('members as m', 'm.id', 's.member_id')
      .select(['s.id', 's.created_at', 's.expires_at', 's.last_used_at', 's.provider', 's.device', 's.member_id', 'm.name', 'm.email'])
      .where('s.expires_at', '>', new Date())
      .where('s.last_used_at', '>', idleSince());
    const { q } = query;
    if (q !== undefined && q !== '') select = select.where((of) => of.or([of('m.name', 'ilike', containing(q)), of('m.email', 'ilike', containing(q))]));
    if (after !== null) select = select.where((of) => of(of.refTuple(of.fn<string>('lower', ['m.name']), of.cast<string>('s.id', 'text')), '>', of.tuple(after[0] ?? '', after[1] ?? '')));
    return select.orderBy((of) => of.fn('lower', ['m.name'])).orderBy((of) => of.cast('s.id', 'text')).limit(query.limit + 1).execute();
  });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map((row) => present(row, currentId)), next: rows.length > query.limit && last !== undefined ? writeCursor(last.name.toLowerCase(), last.id) : null };
}

/** Ends a session: one's own, or as an admin anybody's. Throws Problem 'not-found'. */
export async function endSession(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const session = await tx.deleteFrom('sessions').where('id', '=', id).returning('member_id').executeTakeFirst();
    if (session === undefined) throw new Problem('not-found');
    await appendRecord(tx, actor, { event: 'session.ended', subject: { kind: 'member', id: session.member_id }, details: { session: id, by: session.member_id === actor.id ? 'the member' : 'an admin' } });
  });
}

/** Ends all sessions of a member, but for the one that asks. Returns how many. */
export async function endSessionsOf(actor: MemberActor, memberId: string, exceptId: string | null): Promise<number> {
  return transaction(actor, async (tx) => {
    let ending = tx.deleteFrom('sessions').where('member_id', '=', memberId);
    if (exceptId !== null) ending = ending.where('id', '<>', exceptId);
    const ended = await ending.returning('id').execute();
    const by = memberId === actor.id ? 'the member' : 'an admin';
    for (const { id } of ended) await appendRecord(tx, actor, { event: 'session.ended', subject: { kind: 'member', id: memberId }, details: { session: id, by } });
    return ended.length;
  });
}

function present(row: Row, currentId: string | null): SessionRow {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    device: row.device,
    provider: row.provider,
    current: row.id === currentId,
    member: { id: row.member_id, name: row.name, email: row.email },
  };
}
