/** Begins a session of a member who has just been let in, ends the one it replaces, and keeps their number in bounds. */
import { randomUUID } from 'node:crypto';
import type { NewRecord } from '../audit/append.ts';
import type { Tx } from '../db/transaction.ts';
import { env } from '../env.ts';
import { seal } from './seal.ts';
import { hashToken, idleMsMax, newSessionToken, sessionMsMax } from './session.ts';

export interface NewSession {
  memberId: string;
  provider: string;
  /** What the provider calls the session there. */
  providerSession?: string | undefined;
  idToken?: string | undefined;
  device?: string | undefined;
  /** When the provider last had the person prove who they are; unset: not known. */
  authenticatedAt?: Date | undefined;
  /** The member had signed in before and did so again for a sensitive act. */
  confirms?: boolean;
  /** The session that this browser carried until now: it ends, so that a session never survives a sign-in. */
  previousToken?: string | null | undefined;
}

export interface StartedSession {
  token: string;
  expiresAt: Date;
  /** To be appended when the caller has made all its changes; the last one says that the session began. */
  records: NewRecord[];
}

/** What the ID token of a session is sealed for. */
export function idTokenPurpose(sessionId: string): string {
  return `ID token of session ${sessionId}`;
}

export async function startSession(tx: Tx, given: NewSession): Promise<StartedSession> {
  const { memberId, provider, device = '' } = given;
  const previous = given.previousToken == null ? Buffer.alloc(0) : hashToken(given.previousToken);
  const replaced = await tx.deleteFrom('sessions').where('token_sha256', '=', previous).executeTakeFirst();
  await tx.deleteFrom('sessions').where((of) => of.or([of('expires_at', '<', new Date()), of('last_used_at', '<', new Date(Date.now() - idleMsMax()))])).execute();
  const ended = await makeRoom(tx, memberId);
  const id = randomUUID();
  const token = newSessionToken();
  const expiresAt = new Date(Date.now() + sessionMsMax());
  await tx
    .insertInto('sessions')
    .values({
      id, token_sha256: hashToken(token), member_id: memberId, expires_at: expiresAt, provider, device,
      provider_session: given.providerSession ?? null,
      authenticated_at: given.authenticatedAt ?? null,
      id_token: given.idToken === undefined ? null : seal(idTokenPurpose(id), given.idToken),
    })
    .execute();
  const about = { memberId, subject: { kind: 'member', id: memberId } } as const;
  const started: NewRecord = { ...about, event: given.confirms === true ? 'session.confirmed' : 'session.started', details: { provider, session: id, replaced: replaced.numDeletedRows > 0n, expiresAt: expiresAt.toISOString(), device } };
  return { token, expiresAt, records: [...ended.map((session): NewRecord => ({ ...about, event: 'session.ended', details: { session, by: 'the limit of sessions' } })), started] };
}

/** Ends the member's sessions that were unused for longest, so that one more fits. Returns their ids. */
async function makeRoom(tx: Tx, memberId: string): Promise<string[]> {
  const present = await tx.selectFrom('sessions').select('id').where('member_id', '=', memberId).orderBy('last_used_at', 'desc').orderBy('created_at', 'desc').execute();
  const surplus = present.slice(env().SESSIONS_MAX - 1).map((session) => session.id);
  if (surplus.length > 0) await tx.deleteFrom('sessions').where('id', 'in', surplus).execute();
  return surplus;
}
