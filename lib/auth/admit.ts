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
import { refuseAgain, type Again } from './again.ts';
import { redeemAdminLink } from './admin-link.ts';
import { followGroupsClaim } from './groups-claim.ts';
import type { Identity } from './identity.ts';
import { startSession, type NewSession } from './start-session.ts';
import type { SignInRefusal } from './types.ts';

export interface Admitted {
  memberId: string;
  token: string;
  expiresAt: Date;
}
export interface Refused {
  refusal: SignInRefusal;
  memberId?: string | undefined;
}

/** What the browser that signs in brings along. */
export interface Circumstances extends Pick<NewSession, 'previousToken' | 'idToken' | 'device'> {
  /** The secret of a link that makes an admin (admin-link.ts). */
  adminToken?: string | undefined;
  /** Set where somebody who is signed in signs in again for a sensitive act: it must be them, now. */
  again?: Again | undefined;
}

interface Found {
  id: string;
  isNew: boolean;
}

/** Undoes what was written for somebody who is refused after all. */
class RefusedAfterAll extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super('The sign-in was refused.');
    this.refused = refused;
  }
}

/**
 * Signs the person in or says why not; both leave a record.
 * Throws Problem 'database-unavailable' or 'record-not-written'; then nobody is signed in.
 */
export async function admit(identity: Identity, circumstances: Circumstances = {}): Promise<Admitted | Refused> {
  const attempt = (): Promise<Admitted | Refused> => transaction(signInActor, (tx) => decide(tx, identity, circumstances)).catch(refusalIn);
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

function refusalIn(error: unknown): Refused {
  if (error instanceof RefusedAfterAll) return error.refused;
  throw error;
}

async function decide(tx: Tx, identity: Identity, circumstances: Circumstances): Promise<Admitted | Refused> {
  const found = await find(tx, identity);
  return 'refusal' in found ? found : enter(tx, identity, { ...circumstances, found });
}

async function find(tx: Tx, identity: Identity): Promise<Found | Refused> {
  const found = (await findByAccount(tx, identity)) ?? (await findOrAddByEmail(tx, identity));
  if (!('refusal' in found) || found.refusal !== 'email-taken') return found;
  // Between the two looks another window of the same person may have made the account that holds the address.
  return (await findByAccount(tx, identity)) ?? found;
}

async function enter(tx: Tx, identity: Identity, { adminToken, again, found, ...browser }: Circumstances & { found: Found }): Promise<Admitted | Refused> {
  const refusal = again === undefined ? null : refuseAgain(again, { memberId: found.id, authenticatedAt: identity.authenticatedAt });
  if (refusal !== null) throw new RefusedAfterAll({ refusal, memberId: found.isNew ? undefined : found.id });
  await lockMember(tx, found.id);
  if (adminToken !== undefined && !(await redeemAdminLink(tx, adminToken, found.id))) throw new RefusedAfterAll({ refusal: 'admin-link-invalid', memberId: found.isNew ? undefined : found.id });
  const session = await startSession(tx, { ...browser, memberId: found.id, provider: identity.provider, providerSession: identity.providerSession, authenticatedAt: identity.authenticatedAt, confirms: again !== undefined });
  const records: NewRecord[] = await followGroupsClaim(tx, found.id, identity.groups);
  const about = { memberId: found.id, subject: { kind: 'member', id: found.id } } as const;
  if (adminToken !== undefined) records.unshift({ ...about, event: 'admin-link.used', details: { role: 'admin', provider: identity.provider } });
  if (found.isNew) records.unshift({ ...about, event: 'member.added', details: { provider: identity.provider } });
  if (identity.groupsNote !== undefined && identity.groupsNote !== 'missing') records.push({ ...about, event: 'groups.unread', outcome: 'failed', details: { provider: identity.provider, because: groupsNotes[identity.groupsNote] } });
  records.push(...session.records);
  // Appending takes the log's lock until the transaction ends, so every change comes first.
  for (const record of records) await appendRecord(tx, signInActor, record);
  return { memberId: found.id, token: session.token, expiresAt: session.expiresAt };
}

/**
 * Sign-ins of one member wait for each other, so that they keep to the limit of sessions, and for an admin who is
 * disabling the member at this moment, so that no session is left over for the day they are let in again.
 */
async function lockMember(tx: Tx, id: string): Promise<void> {
  const member = await tx.selectFrom('members').select('disabled_at').where('id', '=', id).forUpdate().executeTakeFirst();
  if (member === undefined || member.disabled_at !== null) throw new RefusedAfterAll({ refusal: 'member-disabled', memberId: id });
}

/** Why a groups claim counted as none. */
const groupsNotes = {
  'wrong-type': 'The groups claim is not a list of names, so the member is in no group of it.',
  'too-many': 'The groups claim names more than 1,000 groups, so the member is in no group of it.',
  overage: 'The provider sent a pointer to the groups instead of the groups (too many for a token), so the member is in no group of it. Have it send only the groups that are assigned to Attest.',
} as const;

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
