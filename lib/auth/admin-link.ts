/**
 * The first admin. `npm run admin:link` prints a link with a random secret; whoever signs in through it next becomes an
 * admin. It is good for one hour and one use, and the database knows its hash only. There is no default password.
 */
import { randomBytes } from 'node:crypto';
import { signInActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { env } from '../env.ts';
import { hashToken, tokenIn } from './session.ts';

const linkMs = 60 * 60 * 1000;
const tokenBytes = 32;

/** Makes a link, which replaces every unused one before it, and records that. */
export async function makeAdminLink(): Promise<{ address: string; expiresAt: Date }> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const expiresAt = new Date(Date.now() + linkMs);
  await transaction(signInActor, async (tx) => {
    await tx.deleteFrom('admin_links').where('used_at', 'is', null).execute();
    await tx.insertInto('admin_links').values({ token_sha256: hashToken(token), expires_at: expiresAt }).execute();
    await appendRecord(tx, signInActor, { event: 'admin-link.made', subject: { kind: 'setting', id: 'admin-link' }, details: { expiresAt: expiresAt.toISOString() } });
  });
  return { address: `${env().ATTEST_URL}/sign-in?admin=${token}`, expiresAt };
}

/** The secret of a link, when it has the shape of one. */
export function adminTokenIn(given: string | undefined): string | undefined {
  return tokenIn(given) ?? undefined;
}

/** True when the link can be used now. For the sign-in page; using it is decided again. */
export async function isAdminLinkOpen(token: string): Promise<boolean> {
  const row = await transaction(signInActor, (tx) =>
    tx.selectFrom('admin_links').select('token_sha256').where('token_sha256', '=', hashToken(token)).where('used_at', 'is', null).where('expires_at', '>', new Date()).executeTakeFirst(),
  );
  return row !== undefined;
}

/** Uses the link up and makes the member an admin, in the caller's transaction. False: it was used before, has expired, or never was. */
export async function redeemAdminLink(tx: Tx, token: string, memberId: string): Promise<boolean> {
  const used = await tx
    .updateTable('admin_links')
    .set({ used_at: new Date(), used_by: memberId })
    .where('token_sha256', '=', hashToken(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date())
    .executeTakeFirst();
  if (used.numUpdatedRows === 0n) return false;
  await tx.updateTable('members').set({ role: 'admin' }).where('id', '=', memberId).execute();
  return true;
}
