/** Where a member is signed in, and ending that. */
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { SessionRow } from './types.ts';

/** The member's own sessions that have not expired, newest first. `currentId` is the one asking. */
export async function listSessions(actor: MemberActor, currentId: string | null): Promise<SessionRow[]> {
  const rows = await transaction(actor, (tx) =>
    tx.selectFrom('sessions').select(['id', 'created_at', 'expires_at']).where('member_id', '=', actor.id).where('expires_at', '>', new Date()).orderBy('created_at', 'desc').limit(200).execute(),
  );
  return rows.map((row) => ({ id: row.id, createdAt: row.created_at.toISOString(), expiresAt: row.expires_at.toISOString(), current: row.id === currentId }));
}

/** Ends a session: one's own, or as an admin anybody's. Throws Problem 'not-found'. */
export async function endSession(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const session = await tx.deleteFrom('sessions').where('id', '=', id).returning('member_id').executeTakeFirst();
    if (session === undefined) throw new Problem('not-found');
    await appendRecord(tx, actor, { event: 'session.ended', subject: { kind: 'member', id: session.member_id }, details: { session: id, by: session.member_id === actor.id ? 'the member' : 'an admin' } });
  });
}
