/**
 * What a directory changes about users. Each change, what follows from it (ended sessions, lost groups) and its record
 * are kept together or not at all.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { scimActor } from '../../actor.ts';
import type { NewRecord } from '../../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../../db/transaction.ts';
import { ScimError } from '../error.ts';
import { appendAll, byClient } from '../records.ts';
import { checkVersion } from '../version.ts';
import type { ScimClient, ScimObject } from '../types.ts';
import { allowedRole, keepAdmins, lockAdmins } from './admins.ts';
import { endAccessOf } from './leave.ts';
import { needUser } from './read.ts';
import { attributesOf, userVersion, type UserRow } from './row.ts';
import { roleOf, understandUser, type Wanted } from './understand.ts';

/** Runs in the transaction of the change, to make the answer. */
type Present<Result> = (tx: Tx, row: UserRow) => Promise<Result>;

/** Adds a member. Throws ScimError 'uniqueness' where the name or address is somebody's, 'invalidValue'. */
export async function addUser<Result>(client: ScimClient, attributes: ScimObject, present: Present<Result>): Promise<Result> {
  const wanted = understandUser(attributes);
  return uniquely(async (tx) => {
    const asked = roleOf(client, wanted.provisioned['roles']);
    if (asked === 'admin') await lockAdmins(tx);
    await releaseNames(tx, wanted);
    const id = randomUUID();
    const role = allowedRole('employee', asked);
    const isActive = wanted.active !== false;
    await keepAdmins(tx, id, { was: false, becomes: role === 'admin' && isActive });
    await tx.insertInto('members').values({ id, role, disabled_at: isActive ? null : new Date(), disabled_by_directory: !isActive, ...columnsOf(wanted) }).execute();
    const answer = await present(tx, await needUser(tx, id, { lock: false }));
    await appendAll(tx, [{ event: 'member.added', subject: { kind: 'member', id }, details: { ...byClient(client), active: isActive, role }, content: { ...wanted.provisioned } }]);
    return answer;
  });
}

/**
 * Changes a member to what `at.next` makes of their attributes. Nothing is written or recorded where that is what they are.
 * Throws ScimError 'notFound', 'versionDiffers', 'uniqueness', 'mutability' or 'invalidValue'.
 */
export async function changeUser<Result>(
  client: ScimClient,
  at: { id: string; ifMatch: string | null; next: (attributes: ScimObject) => ScimObject },
  present: Present<Result>,
): Promise<Result> {
  return uniquely(async (tx) => {
    const before = await lockUser(tx, client, at.id);
    checkVersion(at.ifMatch, userVersion(before));
    const had = attributesOf(before);
    const wanted = understandUser(at.next(had));
    const becomes = await decide(tx, { client, before, wanted, had });
    const records = becomes === undefined ? [] : [await carryOut(tx, { client, before, wanted, becomes })];
    const answer = await present(tx, becomes === undefined ? before : await needUser(tx, before.id, { lock: false }));
    await appendAll(tx, records);
    return answer;
  });
}

interface Becomes {
  role: UserRow['role'];
  disabled: boolean;
  /** Names of the attributes that differ. */
  changed: string[];
}

/** What the member becomes; undefined: nothing changes. Throws ScimError 'mutability' where a directory may not do that. */
async function decide(tx: Tx, { client, before, wanted, had }: { client: ScimClient; before: UserRow; wanted: Wanted; had: ScimObject }): Promise<Becomes | undefined> {
  const { active: _, ...hadOthers } = had;
  const others: ScimObject = { ...wanted.provisioned, ...(wanted.externalId === null ? {} : { externalId: wanted.externalId }) };
  const changed = [...new Set([...Object.keys(hadOthers), ...Object.keys(others)])].filter((name) => JSON.stringify(hadOthers[name]) !== JSON.stringify(others[name]));
  const asked = changed.includes('roles') ? (roleOf(client, wanted.provisioned['roles'] ?? []) ?? before.role) : before.role;
  const becomes = { role: allowedRole(before.role, asked), disabled: isDisabledAfter(before, wanted.active), changed };
  if (changed.length === 0 && becomes.disabled === (before.disabled_at !== null) && becomes.role === before.role) return undefined;
  await keepAdmins(tx, before.id, { was: before.role === 'admin' && before.disabled_at === null, becomes: becomes.role === 'admin' && !becomes.disabled });
  await keepAddressOfPrivileged(tx, before, wanted);
  return becomes;
}

/** What an admin disabled by hand, a directory does not enable: its next routine update would undo it. */
function isDisabledAfter(before: UserRow, active: boolean | undefined): boolean {
  if (active === false) return true;
  return before.disabled_at !== null && !(active === true && before.disabled_by_directory);
}

/** Until somebody signs in, their address decides who they are. So a directory does not move that of an admin or compliance member. */
async function keepAddressOfPrivileged(tx: Tx, before: UserRow, wanted: Wanted): Promise<void> {
  if (before.role === 'employee' || before.email === wanted.email) return;
  const account = await tx.selectFrom('accounts').select('member_id').where('member_id', '=', before.id).limit(1).executeTakeFirst();
  if (account === undefined) throw new ScimError('mutability', 'The address of an admin or compliance member cannot be changed before they have signed in once.');
}

async function carryOut(tx: Tx, { client, before, wanted, becomes }: { client: ScimClient; before: UserRow; wanted: Wanted; becomes: Becomes }): Promise<NewRecord> {
  const isLeaving = becomes.disabled && before.disabled_at === null;
  if (wanted.email !== before.email || wanted.userName !== (before.user_name ?? before.email)) await releaseNames(tx, wanted);
  await tx.updateTable('members')
    .set({ ...columnsOf(wanted), role: becomes.role, ...(becomes.disabled === (before.disabled_at !== null) ? {} : { disabled_at: becomes.disabled ? new Date() : null }) })
    .where('id', '=', before.id).execute();
  const ended = isLeaving ? await endAccessOf(tx, before.id) : {};
  const only = (attributes: ScimObject): ScimObject => Object.fromEntries(Object.entries(attributes).filter(([name]) => becomes.changed.includes(name)));
  return {
    event: 'member.changed',
    subject: { kind: 'member', id: before.id },
    details: {
      ...byClient(client),
      before: { role: before.role, disabled: before.disabled_at !== null },
      after: { role: becomes.role, disabled: becomes.disabled },
      attributes: becomes.changed,
      ...ended,
    },
    ...(becomes.changed.length === 0 ? {} : { content: { before: only(attributesOf(before)), after: only({ ...wanted.provisioned, ...(wanted.externalId === null ? {} : { externalId: wanted.externalId }) }) } }),
  };
}

/** Removes a member: access and memberships end, the row stays for the records. Throws ScimError 'notFound', 'versionDiffers' or 'mutability'. */
export async function removeUser(client: ScimClient, { id, ifMatch }: { id: string; ifMatch: string | null }): Promise<void> {
  await transaction(scimActor, async (tx) => {
    const before = await lockUser(tx, client, id);
    checkVersion(ifMatch, userVersion(before));
    await keepAdmins(tx, id, { was: before.role === 'admin' && before.disabled_at === null, becomes: false });
    const left = await tx.deleteFrom('memberships').where('member_id', '=', before.id).returning('group_id').execute();
    await tx.updateTable('members').set({ removed_at: new Date(), disabled_at: before.disabled_at ?? new Date() }).where('id', '=', before.id).execute();
    const ended = await endAccessOf(tx, before.id);
    await appendAll(tx, [{ event: 'member.removed', subject: { kind: 'member', id: before.id }, details: { ...byClient(client), groups: left.map((each) => each.group_id), ...ended } }]);
  });
}

async function lockUser(tx: Tx, client: ScimClient, id: string): Promise<UserRow> {
  const { role } = await needUser(tx, id, { lock: false });
  if (role === 'admin' || client.adminRole !== null) await lockAdmins(tx);
  return needUser(tx, id, { lock: true });
}

/**
 * Frees name and address of a removed member for whoever has them now. When that is the same person, as far as the
 * directory says, their account is let go too, so that they sign in to the new member and not to the removed one.
 */
async function releaseNames(tx: Tx, { email, userName, externalId }: Wanted): Promise<void> {
  const removed = await tx.selectFrom('members').select(['id', 'email', 'external_id']).where('removed_at', 'is not', null)
    .where((row) => row.or([row('email', '=', email), row('user_name', '=', userName)])).orderBy('id').forUpdate().execute();
  for (const one of removed) {
    const isSame = one.email === email && (externalId === null || one.external_id === null || externalId === one.external_id);
    await tx.updateTable('members').set({ user_name: null, ...(one.email === email ? { email: `${one.id}@removed.invalid` } : {}) }).where('id', '=', one.id).execute();
    if (isSame) await tx.deleteFrom('accounts').where('member_id', '=', one.id).execute();
  }
}

function columnsOf({ email, name, userName, externalId, provisioned }: Wanted) {
  return { email, name, user_name: userName, external_id: externalId, provisioned: sql<null>`${JSON.stringify(provisioned)}::jsonb` };
}

async function uniquely<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  try {
    return await transaction(scimActor, work);
  } catch (error) {
    if (isDuplicate(error)) throw new ScimError('uniqueness', 'Another user has this userName or e-mail address.', { cause: error });
    throw error;
  }
}
