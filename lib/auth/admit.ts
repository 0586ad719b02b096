/**
 * Decides whether somebody whom the identity provider vouches for gets in, and as whom. Member, account, groups,
 * session and every record about them are written in one transaction or not at all.
 *
 * An account is recognised by provider and subject alone. An e-mail address never leads to a member who signs in
 * with another account; it leads to a member who has no account yet (written in advance) only when it is verified.
 */
import { randomUUID } from 'node:crypto';
import type { Role } from '../actor.ts';
import { signInActor } from '../actor.ts';
import { appendRecord, type NewRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { env } from '../env.ts';
import { appendWithinReason } from '../http/refusal.ts';
import { followGroupsClaim } from './groups-claim.ts';
import type { Identity } from './identity.ts';
import { hashToken, newSessionToken, sessionMsMax } from './session.ts';
import type { SignInRefusal } from './types.ts';

export interface Admitted {
  memberId: string;
  token: string;
  expiresAt: Date;
}
export interface Refused {
  refusal: SignInRefusal;
  memberId?: string;
}

interface Found {
  id: string;
  isNew: boolean;
}

/**
 * Signs the person in or says why not; both leave a record. `previousToken` is the session that the browser
 * still carries: it ends here, so that a session never survives a sign-in.
 * Throws Problem 'database-unavailable' or 'record-not-written'; then nobody is signed in.
 */
export async function admit(identity: Identity, previousToken: string | null): Promise<Admitted | Refused> {
  const attempt = (): Promise<Admitted | Refused> => transaction(signInActor, (tx) => decide(tx, identity, previousToken));
  let decision: Admitted | Refused;
  try {
    decision = await attempt();
  } catch (error) {
    // The same person signed in for the first time in two windows at once; the second try finds what the other wrote.
    if (!isDuplicate(error)) throw error;
    decision = await attempt();
  }
  if ('refusal' in decision) await recordRefusedSignIn(identity, decision);
  return decision;
}

async function decide(tx: Tx, identity: Identity, previousToken: string | null): Promise<Admitted | Refused> {
  const found = (await findByAccount(tx, identity)) ?? (await findOrAddByEmail(tx, identity));
  if ('refusal' in found) return found;
  const session = await startSession(tx, found.id, previousToken);
  const records: NewRecord[] = await followGroupsClaim(tx, found.id, identity.groups);
  const about = { memberId: found.id, subject: { kind: 'member', id: found.id } } as const;
  if (found.isNew) records.unshift({ ...about, event: 'member.added', details: { provider: identity.provider } });
  const { id, replaced, expiresAt } = session;
  records.push({ ...about, event: 'session.started', details: { provider: identity.provider, session: id, replaced, expiresAt: expiresAt.toISOString() } });
  // Appending takes the log's lock until the transaction ends, so every change comes first.
  for (const record of records) await appendRecord(tx, signInActor, record);
  return { memberId: found.id, token: session.token, expiresAt: session.expiresAt };
}

async function findByAccount(tx: Tx, identity: Identity): Promise<Found | Refused | undefined> {
  const row = await tx
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['m.id', 'm.disabled_at'])
    .where('a.provider', '=', identity.provider)
    .where('a.provider_account_id', '=', identity.subject)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return row.disabled_at === null ? { id: row.id, isNew: false } : { refusal: 'member-disabled', memberId: row.id };
}

async function findOrAddByEmail(tx: Tx, identity: Identity): Promise<Found | Refused> {
  if (typeof identity.email === 'string') return { refusal: `email-${identity.email}` };
  if (identity.email.verified === false) return { refusal: 'email-unverified' };
  const { address, verified } = identity.email;
  const existing = await tx
    .selectFrom('members')
    .select((of) => ['id', 'disabled_at', of.exists(of.selectFrom('accounts').select('provider').whereRef('accounts.member_id', '=', 'members.id')).as('has_account')])
    .where('email', '=', address)
    .executeTakeFirst();
  if (existing !== undefined) {
    if (existing.disabled_at !== null) return { refusal: 'member-disabled', memberId: existing.id };
    if (existing.has_account || verified !== true) return { refusal: 'email-taken', memberId: existing.id };
  }
  const role = firstRole(identity, address);
  const id = existing?.id ?? randomUUID();
  if (existing === undefined) await tx.insertInto('members').values({ id, email: address, name: identity.name, role: role ?? 'employee' }).execute();
  else if (role !== undefined) await tx.updateTable('members').set({ role }).where('id', '=', id).execute();
  await tx.insertInto('accounts').values({ provider: identity.provider, provider_account_id: identity.subject, member_id: id }).execute();
  return { id, isNew: existing === undefined };
}

/** The role that a first sign-in brings. Later ones change no role: that is an admin's to decide. */
function firstRole(identity: Identity, address: string): Role | undefined {
  return env().ADMIN_EMAILS.includes(address) ? 'admin' : identity.role;
}

async function startSession(tx: Tx, memberId: string, previousToken: string | null): Promise<{ id: string; token: string; expiresAt: Date; replaced: boolean }> {
  const previous = previousToken === null ? Buffer.alloc(0) : hashToken(previousToken);
  const replaced = await tx.deleteFrom('sessions').where('token_sha256', '=', previous).executeTakeFirst();
  await tx.deleteFrom('sessions').where('expires_at', '<', new Date()).execute();
  const session = { id: randomUUID(), token: newSessionToken(), expiresAt: new Date(Date.now() + sessionMsMax) };
  await tx.insertInto('sessions').values({ id: session.id, token_sha256: hashToken(session.token), member_id: memberId, expires_at: session.expiresAt }).execute();
  return { ...session, replaced: replaced.numDeletedRows > 0n };
}

async function recordRefusedSignIn(identity: Identity, { refusal, memberId }: Refused): Promise<void> {
  await appendWithinReason(signInActor, {
    event: 'session.refused',
    outcome: 'refused',
    ...(memberId === undefined ? {} : { memberId, subject: { kind: 'member', id: memberId } }),
    details: { reason: refusal, provider: identity.provider },
    // Who tried is personal and can be erased; that somebody was refused, and why, cannot.
    content: { subject: identity.subject, name: identity.name, email: typeof identity.email === 'string' ? null : identity.email.address },
  });
}
