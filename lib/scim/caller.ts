/** Which client makes a request. Its token is looked up every time, so that revoking it counts at once everywhere. */
import { sql } from 'kysely';
import { scimActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { hashScimToken, isScimToken } from './token.ts';
import type { ScimClient } from './types.ts';

/** Why a token was not taken; for the audit log, never for whoever showed it. */
export type TokenRefusal = 'missing' | 'malformed' | 'unknown' | 'revoked' | 'ended';

export type Caller = { client: ScimClient; refusal: null } | { client: Pick<ScimClient, 'id' | 'name'> | null; refusal: TokenRefusal };

interface Row {
  id: string;
  name: string;
  admin_role: string | null;
  refusal: 'revoked' | 'ended' | null;
  is_noted: boolean;
}

/** Looks the token up and notes, once a minute, that it was used. Throws Problem 'database-unavailable', which lets nobody in. */
export async function findCaller(token: string | null): Promise<Caller> {
  if (token === null) return { client: null, refusal: 'missing' };
  if (!isScimToken(token)) return { client: null, refusal: 'malformed' };
  const row = await transaction(scimActor, async (tx) => {
    const found = (await sql<Row>`
      select id, name, admin_role,
        case when revoked_at is not null then 'revoked' when expires_at <= now() then 'ended' end as refusal,
        coalesce(last_used_at > now() - interval '1 minute', false) as is_noted
      from scim_clients where token_sha256 = ${hashScimToken(token)}`.execute(tx)).rows[0];
    if (found !== undefined && found.refusal === null && !found.is_noted) await sql`update scim_clients set last_used_at = now() where id = ${found.id}`.execute(tx);
    return found;
  });
  if (row === undefined) return { client: null, refusal: 'unknown' };
  const { id, name, admin_role: adminRole, refusal } = row;
  return refusal === null ? { client: { id, name, adminRole }, refusal } : { client: { id, name }, refusal };
}
