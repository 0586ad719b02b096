/**
 * Who makes this request. The session is looked up in the database every time and nothing is remembered between
 * requests, so that ending a session or disabling a member counts at once, in every process.
 * A database that does not answer throws; it never makes a request anonymous, and never signed in.
 */
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { signInActor, type MemberActor, type Role } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { readCookies, sessionCookieName } from './cookies.ts';

/** A session ends this long after signing in, whatever happens in between. */
export const sessionMsMax = 12 * 60 * 60 * 1000;

const tokenBytes = 32;
const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** A new session token: 256 random bits as base64url. It exists only in the person's cookie. */
export function newSessionToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** What the database keeps of a token: SHA-256. The token is random and long, so no salt is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The member who is signed in, or null. Throws Problem 'database-unavailable'. */
export async function readActor(request: Request): Promise<MemberActor | null> {
  return findActor(sessionToken(request));
}

/** Id of the session that this request carries, or null; for marking "this device" in a list of sessions. */
export async function readSessionId(request: Request): Promise<string | null> {
  const token = sessionToken(request);
  if (token === null) return null;
  const row = await transaction(signInActor, (tx) =>
    tx.selectFrom('sessions').select('id').where('token_sha256', '=', hashToken(token)).executeTakeFirst(),
  );
  return row?.id ?? null;
}

/** The session token that a request carries, null when there is none or it cannot be one of ours. */
export function sessionToken(request: Request): string | null {
  return tokenIn(readCookies(request.headers.get('cookie')).get(sessionCookieName()));
}

/** `value` when it has the shape of a session token. */
export function tokenIn(value: string | undefined): string | null {
  return value !== undefined && tokenShape.test(value) ? value : null;
}

/** The member whose session has that token: null when it is unknown or has expired, or the member is disabled. */
export async function findActor(token: string | null): Promise<MemberActor | null> {
  if (token === null) return null;
  const found = await transaction(signInActor, (tx) =>
    sql<{ id: string; name: string; email: string; role: Role }>`
      select m.id, m.name, m.email, m.role
      from sessions s
      join members m on m.id = s.member_id
      where s.token_sha256 = ${hashToken(token)}
        and s.expires_at > now()
        and m.disabled_at is null`.execute(tx),
  );
  const row = found.rows[0];
  return row === undefined ? null : { kind: 'member', id: row.id, name: row.name, email: row.email, role: row.role };
}
