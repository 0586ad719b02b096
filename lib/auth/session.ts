/**
 * Who makes this request. The session is looked up in the database every time and nothing is remembered between
 * requests, so that ending a session or disabling a member counts at once, in every process.
 * A database that does not answer throws; it never makes a request anonymous, and never signed in.
 */
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { env } from '../env.ts';
import { signInActor, type MemberActor, type Role } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { readCookies, sessionCookieName } from './cookies.ts';

/** A session ends this long after signing in, whatever happens in between. */
export function sessionMsMax(): number {
  return env().SESSION_HOURS * 60 * 60 * 1000;
}

/** A session ends when it was not used for this long. */
export function idleMsMax(): number {
  return env().SESSION_IDLE_MINUTES * 60 * 1000;
}

/** The most sensitive acts take a sign-in that is no older than this (`recentSignIn` of a route). */
export const recentSignInMsMax = 10 * 60 * 1000;

/** When a session was used last is written at most this often: a page makes a dozen requests. */
const usedSecondsMin = 60;

/** Header of requests that a page repeats by itself. They do not count as use, or a window left open would never be idle. */
export const unattendedHeader = 'x-attest-unattended';

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
  return findActor(sessionToken(request), { unattended: request.headers.has(unattendedHeader) });
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

/** Whether the person behind this request proved who they are within the last ten minutes. Not known is no. Throws Problem 'database-unavailable'. */
export async function hasRecentSignIn(request: Request): Promise<boolean> {
  const token = sessionToken(request);
  if (token === null) return false;
  const row = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('authenticated_at').where('token_sha256', '=', hashToken(token)).executeTakeFirst());
  return row !== undefined && row.authenticated_at !== null && row.authenticated_at.getTime() > Date.now() - recentSignInMsMax;
}

/** The session token that a request carries, null when there is none or it cannot be one of ours. */
export function sessionToken(request: Request): string | null {
  return tokenIn(readCookies(request.headers.get('cookie')).get(sessionCookieName()));
}

/** `value` when it has the shape of a session token. */
export function tokenIn(value: string | undefined): string | null {
  return value !== undefined && tokenShape.test(value) ? value : null;
}

/**
 * The member whose session has that token: null when it is unknown, has expired or was not used for too long, or the
 * member is disabled. Asking keeps the session from being idle, unless it is `unattended`.
 */
export async function findActor(token: string | null, { unattended = false }: { unattended?: boolean } = {}): Promise<MemberActor | null> {
  if (token === null) return null;
  const idleSeconds = idleMsMax() / 1000;
  const found = await transaction(signInActor, (tx) =>
    sql<{ id: string; name: string; email: string; role: Role }>`
      with used as (
        update sessions set last_used_at = now()
        where token_sha256 = ${hashToken(token)}
          and expires_at > now()
          and last_used_at > now() - make_interval(secs => ${idleSeconds})
          and last_used_at < now() - make_interval(secs => ${usedSecondsMin})
          and not ${unattended}::boolean
      )
      select m.id, m.name, m.email, m.role
      from sessions s
      join members m on m.id = s.member_id
      where s.token_sha256 = ${hashToken(token)}
        and s.expires_at > now()
        and s.last_used_at > now() - make_interval(secs => ${idleSeconds})
        and m.disabled_at is null`.execute(tx),
  );
  const row = found.rows[0];
  return row === undefined ? null : { kind: 'member', id: row.id, name: row.name, email: row.email, role: row.role };
}
