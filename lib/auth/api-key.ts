/**
 * Who a program acts for: the member whose API key it shows. The key is looked up in the database with every request
 * and nothing is remembered between requests, so that revoking it, or disabling the member, counts at once everywhere.
 */
import { sql } from 'kysely';
import { signInActor, type KeyScope, type MemberActor, type Role } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { hashKey, isKey } from '../keys/token.ts';
import { readCookies, sessionCookieName } from './cookies.ts';

/** Why a key was not taken; for the audit log, never for whoever showed it. */
export type KeyRefusal = 'malformed' | 'unknown' | 'revoked' | 'ended' | 'member-disabled';

/** A key that was shown: whose it is, or why it counts for nothing and whose it was, where that is known. */
export type ShownKey =
  | { actor: MemberActor; refusal: null }
  | { actor: null; refusal: KeyRefusal; key: { id: string; name: string; memberId: string } | null };

const bearer = /^bearer[ \t]+(\S+)[ \t]*$/i;

/** What an `Authorization: Bearer` header carries; null without one. Keys are read from nowhere else, least of all from an address. */
export function bearerToken(request: Request): string | null {
  return bearer.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** True when the request shows something that says of itself that it is an API key of ours. */
export function showsKey(request: Request): boolean {
  return bearerToken(request)?.startsWith('attest_') ?? false;
}

/** True when the request carries a session cookie, valid or not. */
export function carriesSession(request: Request): boolean {
  return readCookies(request.headers.get('cookie')).has(sessionCookieName());
}

interface Row {
  id: string;
  name: string;
  scopes: KeyScope[];
  member_id: string;
  member_name: string;
  email: string;
  role: Role;
  refusal: KeyRefusal | null;
  noted: boolean;
}

/** Looks a key up and notes that it was used. Throws Problem 'database-unavailable', which lets nobody in. */
export async function findKeyActor(token: string): Promise<ShownKey> {
  if (!isKey(token)) return { actor: null, refusal: 'malformed', key: null };
  const row = await transaction(signInActor, (tx) => lookUp(tx, hashKey(token)));
  if (row === undefined) return { actor: null, refusal: 'unknown', key: null };
  const { id, name, scopes } = row;
  if (row.refusal !== null) return { actor: null, refusal: row.refusal, key: { id, name, memberId: row.member_id } };
  return { actor: { kind: 'member', id: row.member_id, name: row.member_name, email: row.email, role: row.role, key: { id, name, scopes } }, refusal: null };
}

async function lookUp(tx: Tx, hash: Buffer): Promise<Row | undefined> {
  const found = await sql<Row>`
    select k.id, k.name, k.scopes, k.member_id, m.name as member_name, m.email, m.role,
      case
        when k.revoked_at is not null then 'revoked'
        when k.expires_at <= now() then 'ended'
        when m.disabled_at is not null then 'member-disabled'
      end as refusal,
      coalesce(k.last_used_at > now() - interval '1 minute', false) as noted
    from api_keys k join members m on m.id = k.member_id
    where k.key_sha256 = ${hash}`.execute(tx);
  const row = found.rows[0];
  // Once a minute is enough to see which keys are in use, and spares a write with every request.
  if (row?.refusal === null && !row.noted) await sql`update api_keys set last_used_at = now() where id = ${row.id}`.execute(tx);
  return row;
}
