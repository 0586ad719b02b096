/** A directory neither makes the first admin nor takes the last one away, and never touches who is compliance. */
import type { Role } from '../../actor.ts';
import type { Tx } from '../../db/transaction.ts';
import { ScimError } from '../error.ts';

/** Locks all admins in one order, as lib/members does: two changes that only together leave none wait for each other here. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await tx.selectFrom('members').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute();
}

/** Throws ScimError 'mutability' where the change would take away the last admin or make the only one. */
export async function keepAdmins(tx: Tx, id: string, { was, becomes }: { was: boolean; becomes: boolean }): Promise<void> {
  if (was === becomes) return;
  const other = await tx.selectFrom('members').select('id').where('role', '=', 'admin').where('disabled_at', 'is', null).where('id', '<>', id).limit(1).executeTakeFirst();
  if (other !== undefined) return;
  throw new ScimError('mutability', was ? 'This is the last admin of Attest. Make somebody else an admin there first.' : 'Attest has no admin who could be asked; a directory cannot make the first one.');
}

/** The role after a change: what was asked for, except that compliance is given and taken by admins of Attest alone. */
export function allowedRole(before: Role, asked: Role | undefined): Role {
  return asked === undefined || before === 'compliance' || asked === 'compliance' ? before : asked;
}
