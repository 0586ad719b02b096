/** Programs that may provision: admins make and revoke them. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { hashScimToken, newScimToken } from './token.ts';
import type { MadeScimClient, ScimClientRow } from './types.ts';

const daysMax = 730;
const dayMs = 86_400_000;
/** Clients that have not been revoked; a company has one directory, and two while it moves. */
const clientsMax = 50;

const text = (max: number) => z.string().trim().min(1, 'is empty').max(max, `is longer than ${max} characters`).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'contains characters that are not text');

export const newScimClient = z.strictObject({
  /** Which directory it is: "Entra ID". */
  name: text(80),
  /** Days from now until the token ends by itself. */
  days: z.number().int().min(1).max(daysMax, `is more than ${daysMax}`),
  /** The value of SCIM's `roles` that makes an admin. Unset: roles are ignored. */
  adminRole: text(200).optional(),
});
export type NewScimClient = z.infer<typeof newScimClient>;

const columns = ['id', 'name', 'admin_role', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'] as const;

interface Row {
  id: string;
  name: string;
  admin_role: string | null;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Every client, newest first; revoked ones too, because records name them. */
export async function listScimClients(actor: MemberActor): Promise<ScimClientRow[]> {
  const rows = await transaction(actor, (tx) => tx.selectFrom('scim_clients').select(columns).orderBy('created_at', 'desc').orderBy('id').limit(200).execute());
  return rows.map(present);
}

/** Makes a client with its token. Throws Problem 'already-exists' for the name of one that works, 'invalid-input' when there are too many. */
export async function makeScimClient(actor: MemberActor, input: NewScimClient): Promise<MadeScimClient> {
  const token = newScimToken();
  const id = randomUUID();
  return transaction(actor, async (tx) => {
    await requireRoom(tx, input.name);
    await tx.insertInto('scim_clients').values({
      id, name: input.name, token_sha256: hashScimToken(token), admin_role: input.adminRole ?? null, created_by: actor.id, expires_at: new Date(Date.now() + input.days * dayMs),
    }).execute();
    const row = present(await tx.selectFrom('scim_clients').select(columns).where('id', '=', id).executeTakeFirstOrThrow());
    await appendRecord(tx, actor, { event: 'client.added', subject: { kind: 'client', id, name: row.name }, details: { expiresAt: row.expiresAt, adminRole: row.adminRole } });
    return { ...row, token };
  });
}

async function requireRoom(tx: Tx, name: string): Promise<void> {
  const working = await tx.selectFrom('scim_clients').select('name').where('revoked_at', 'is', null).execute();
  if (working.some((each) => each.name.toLowerCase() === name.toLowerCase())) throw new Problem('already-exists', { detail: `There is a client called ${name} already.` });
  if (working.length >= clientsMax) throw new Problem('invalid-input', { detail: `There are ${working.length} clients already. Revoke one that is not used any more first.` });
}

/** Ends a client's token at once. What it provisioned stays. Throws Problem 'not-found'; one revoked before stays as it is. */
export async function revokeScimClient(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const revoked = await tx.updateTable('scim_clients').set({ revoked_at: sql`now()` }).where('id', '=', id).where('revoked_at', 'is', null).returning('name').executeTakeFirst();
    if (revoked !== undefined) {
      await appendRecord(tx, actor, { event: 'client.revoked', subject: { kind: 'client', id, name: revoked.name } });
      return;
    }
    const known = await tx.selectFrom('scim_clients').select('id').where('id', '=', id).executeTakeFirst();
    if (known === undefined) throw new Problem('not-found');
  });
}

function present(row: Row): ScimClientRow {
  return {
    id: row.id,
    name: row.name,
    adminRole: row.admin_role,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
