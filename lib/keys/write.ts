/** Making and revoking API keys. A member makes keys for themselves alone; they and every admin may revoke them. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { keyScopes, type MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { findKey } from './read.ts';
import { hashKey, newKey, prefixOf } from './token.ts';
import type { MadeKey } from './types.ts';

export const keyLimits = {
  /** Keys of one member that work: a program each, and some to spare. */
  activeMax: 25,
  daysMax: 365,
  /** A key that has ended is told from an unknown one for this long. */
  daysKept: 90,
};
const dayMs = 86_400_000;

const name = z.string().trim().min(1, 'is empty').max(80, 'is longer than 80 characters').regex(/^[^\p{Cc}\p{Cs}]*$/u, 'contains characters that are not text');

export const newKeyInput = z.strictObject({
  /** What it is for: "Editor on my laptop". */
  name,
  scopes: z.array(z.enum(keyScopes)).min(1, 'names nothing that the key may do').max(keyScopes.length).transform((scopes) => keyScopes.filter((scope) => scopes.includes(scope))),
  /** Days from now until it ends by itself. */
  days: z.number().int().min(1).max(keyLimits.daysMax, `is more than ${keyLimits.daysMax}`),
});
export type NewKeyInput = z.infer<typeof newKeyInput>;

/** Makes a key for the actor. Throws Problem 'invalid-input' when they have as many as one may have. */
export async function makeKey(actor: MemberActor, input: NewKeyInput): Promise<MadeKey> {
  const key = newKey();
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + input.days * dayMs);
  return transaction(actor, async (tx) => {
    await forget(tx, actor);
    await requireRoom(tx, actor);
    await tx.insertInto('api_keys').values({
      id, member_id: actor.id, name: input.name, prefix: prefixOf(key), key_sha256: hashKey(key), scopes: input.scopes, expires_at: expiresAt,
    }).execute();
    const row = await findKey(tx, id);
    if (row === undefined) throw new Problem('not-permitted');
    await appendRecord(tx, actor, {
      event: 'key.made',
      subject: { kind: 'key', id, name: input.name },
      details: { prefix: row.prefix, scopes: input.scopes, expiresAt: row.expiresAt },
    });
    return { ...row, key };
  });
}

/** Ends a key at once: one's own, or as an admin anybody's. Throws Problem 'not-found'; a key that was revoked before stays as it is. */
export async function revokeKey(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const revoked = await tx.updateTable('api_keys').set({ revoked_at: sql`now()`, revoked_by: actor.id })
      .where('id', '=', id).where('revoked_at', 'is', null).returning(['member_id', 'name', 'prefix']).executeTakeFirst();
    if (revoked === undefined) {
      if ((await findKey(tx, id)) === undefined) throw new Problem('not-found');
      return;
    }
    await appendRecord(tx, actor, {
      event: 'key.revoked',
      subject: { kind: 'key', id, name: revoked.name },
      details: { prefix: revoked.prefix, member: revoked.member_id, by: revoked.member_id === actor.id ? 'the member' : 'an admin' },
    });
  });
}

/** Drops own keys that ended so long ago that nobody asks for them any more. */
async function forget(tx: Tx, actor: MemberActor): Promise<void> {
  const before = new Date(Date.now() - keyLimits.daysKept * dayMs);
  await tx.deleteFrom('api_keys').where('member_id', '=', actor.id)
    .where((row) => row.or([row('expires_at', '<', before), row('revoked_at', '<', before)])).execute();
}

async function requireRoom(tx: Tx, actor: MemberActor): Promise<void> {
  const { active } = await tx.selectFrom('api_keys').select((row) => row.fn.countAll<number>().as('active'))
    .where('member_id', '=', actor.id).where('revoked_at', 'is', null).where('expires_at', '>', new Date()).executeTakeFirstOrThrow();
  if (active >= keyLimits.activeMax) throw new Problem('invalid-input', { detail: `You have ${active} API keys that work, as many as one may have. Revoke one you do not need first.` });
}
